# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key that signs for one domain and selector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class SigningKey(Protocol):
    """One key, loaded and checked."""

    @property
    def domain(self) -> str:
        """d=, an A-label in lower case."""
        ...

    @property
    def selector(self) -> str:
        """s=, an A-label in lower case."""
        ...

    @property
    def algorithm(self) -> str:
        """a=: "rsa-sha256" or "ed25519-sha256"."""
        ...

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest: PKCS #1 v1.5 (RFC 8017) or PureEdDSA over the digest (RFC 8463 section 3)."""
        ...


class Keyring(Protocol):
    """All keys of this host."""

    def keys_for(self, domain: str, tenant: str, now_s: float) -> Sequence[SigningKey]:
        """The keys that sign for ``domain`` (A-label, lower case) at Unix time ``now_s``.

        Raises KeysUnusable where the domain has keys of which none can be used.  ``tenant`` is "" where there
        is none.
        """
        ...
