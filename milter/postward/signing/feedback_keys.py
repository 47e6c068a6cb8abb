# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets with which return paths and feedback tokens are made, two generations of them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from postward.errors import PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_SECRET_OCTETS = 32
"""RFC 2104 section 3: a secret shorter than the hash weakens it."""
GENERATIONS = 2
"""One that signs, and the one before it: what was made with that is still on its way."""


class NoSecretsError(PermanentFailure):
    """A file holds no secrets that may be used; says why, in words for an operator and without quoting any."""


@dataclass(frozen=True, slots=True)
class FeedbackKey:
    """One secret, with the number by which a token names it."""

    secret: bytes = field(repr=False)
    id: int
    """0 to 255, derived from the secret: so a fleet that shares secrets agrees on their numbers."""

    def digest(self, purpose: bytes, content: bytes, octets: int) -> bytes:
        """Keyed hash (RFC 2104, SHA-256) of ``content``, cut to ``octets``; no two purposes share a value."""
        return hmac.digest(self.secret, purpose + b"\0" + content, "sha256")[:octets]


@dataclass(frozen=True, slots=True)
class FeedbackKeys:
    """The key that signs, and the one that is accepted besides."""

    current: FeedbackKey
    previous: FeedbackKey | None = None

    @classmethod
    def of(cls, secret: bytes, previous: bytes | None = None) -> Self:
        """Make keys of secrets."""
        return cls(_key(secret), None if previous is None else _key(previous))

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read one secret a line, of which the first signs; raises NoSecretsError."""
        secrets = [line.strip() for line in content.splitlines() if line.strip()]
        if not secrets:
            raise NoSecretsError("holds no secret")
        if len(secrets) > GENERATIONS:
            raise NoSecretsError(f"holds {len(secrets)} secrets, and {GENERATIONS} count: a new one and the last")
        if min(map(len, secrets)) < MIN_SECRET_OCTETS:
            raise NoSecretsError(f"holds a secret of fewer than {MIN_SECRET_OCTETS} characters")
        return cls.of(*secrets)

    def __iter__(self) -> Iterator[FeedbackKey]:
        """Yield all keys, the one that signs first."""
        yield self.current
        if self.previous is not None:
            yield self.previous


def _key(secret: bytes) -> FeedbackKey:
    return FeedbackKey(secret, hmac.digest(secret, b"key id", "sha256")[0])
