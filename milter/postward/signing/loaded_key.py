# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key in memory, and what it signs for."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PADDING = PKCS1v15()
_PREHASHED = Prehashed(SHA256())
_ED25519_BITS = 256
_PROBE = sha256(b"postward").digest()


class PrivateKey:
    """An RSA or an Ed25519 key."""

    def __init__(self, key: RSAPrivateKey | Ed25519PrivateKey) -> None:
        self._key = key

    def __repr__(self) -> str:
        """Say what kind of key it is, and nothing of the key."""
        return f"<{self.algorithm} key of {self.bits} bits>"

    @property
    def is_rsa(self) -> bool:
        """RSA, otherwise Ed25519."""
        return isinstance(self._key, RSAPrivateKey)

    @property
    def algorithm(self) -> str:
        """a=: "rsa-sha256" or "ed25519-sha256"."""
        return "rsa-sha256" if self.is_rsa else "ed25519-sha256"

    @property
    def bits(self) -> int:
        """Size of the modulus; 256 for Ed25519."""
        return self._key.key_size if isinstance(self._key, RSAPrivateKey) else _ED25519_BITS

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest: PKCS #1 v1.5 (RFC 8017), or PureEdDSA over the digest (RFC 8463 section 3)."""
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(digest, _PADDING, _PREHASHED)
        return self._key.sign(digest)

    def public_octets(self) -> bytes:
        """What stands, in base64, in p= of the key record (RFC 6376 section 3.6.1, RFC 8463 section 4.2)."""
        public_key = self._key.public_key()
        if self.is_rsa:
            return public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def is_consistent(self) -> bool:
        """False where the private and the public half do not belong together."""
        try:
            signature = self.sign(_PROBE)
            if isinstance(self._key, RSAPrivateKey):
                self._key.public_key().verify(signature, _PROBE, _PADDING, _PREHASHED)
            else:
                self._key.public_key().verify(signature, _PROBE)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedKey:
    """A key and the name under which its public half is published; a SigningKey."""

    domain: str
    """d=, an A-label in lower case."""
    selector: str
    """s=, an A-label in lower case."""
    private_key: PrivateKey

    @property
    def algorithm(self) -> str:
        """a=: "rsa-sha256" or "ed25519-sha256"."""
        return self.private_key.algorithm

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest."""
        return self.private_key.sign(digest)
