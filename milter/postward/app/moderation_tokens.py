# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed tokens by which a moderator decides without logging in: each for one message, one decision, and one time.

``m1.DECISION.MESSAGE-ID.EXPIRY.SIGNATURE``; the signature is HMAC-SHA-256 over all before it.  That a token serves once
is because of the message: when it is decided, no token of it is good any more.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.errors import UsageError
from postward.spool.kept_message import Decision

if TYPE_CHECKING:
    from collections.abc import Callable

_PURPOSE = b"postward moderation token 1"
_FORM = re.compile(r"m1\.(approve|reject)\.([a-z2-7]{16})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)
DECISIONS = {"approve": Decision.DELIVER, "reject": Decision.BOUNCE}
"""What a moderator may decide, by the word for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMeaning:
    """What a good token says."""

    message_id: str
    word: str
    """One of ``DECISIONS``."""


class ModerationTokens:
    """Makes and reads tokens; ``secret`` is this host's own, of which a key for this purpose alone is made."""

    def __init__(self, secret: bytes, *, clock: Callable[[], float]) -> None:
        self._key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
        self._clock = clock

    def make(self, message_id: str, word: str, expires_s: float) -> str:
        """Make a token that is good until ``expires_s`` (Unix time)."""
        text = f"m1.{word}.{message_id}.{int(expires_s)}"
        return f"{text}.{self._signature(text)}"

    def read(self, token: str, word: str) -> TokenMeaning:
        """Read a token for this decision; raises UsageError where it is none of ours, for another one, or too old."""
        form = _FORM.fullmatch(token)
        if form is None or not hmac.compare_digest(form[4], self._signature(token.rpartition(".")[0])):
            raise UsageError("that token is not one of this host's")
        if self._clock() > int(form[3]):
            raise UsageError("that token has expired")
        if form[1] != word:
            raise UsageError(f"that token is to {form[1]}, not to {word}")
        return TokenMeaning(message_id=form[2], word=form[1])

    def _signature(self, text: str) -> str:
        return hmac.new(self._key, text.encode("ascii"), hashlib.sha256).hexdigest()
