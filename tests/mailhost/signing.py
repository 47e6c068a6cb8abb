# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign and seal messages as other hosts do: with dkimpy, which is not what Postward verifies with."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY_BITS = 2048
_TXT_STRING = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningDomain:
    """A domain with one RSA key under one selector."""

    domain: str
    selector: str = "s1"
    private_key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    )

    @property
    def key_name(self) -> str:
        """Where the public key is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def key_record(self) -> list[str]:
        """The public key's TXT record, as its strings."""
        public = self.private_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
        return [text[start : start + _TXT_STRING] for start in range(0, len(text), _TXT_STRING)]

    def sign(
        self,
        message: bytes,
        *,
        canonicalization: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
        headers: Sequence[bytes] | None = None,
    ) -> bytes:
        """Return the message with a DKIM-Signature over ``headers``, or over what dkimpy signs unless told."""
        signature = dkim.sign(
            message,
            self.selector.encode(),
            self.domain.encode(),
            self.pem,
            canonicalize=canonicalization,
            include_headers=headers,
        )
        return bytes(signature) + message

    def seal(self, message: bytes, *, authserv_id: str) -> bytes:
        """Return the message with an ARC set made of its Authentication-Results field under ``authserv_id``."""
        fields = dkim.arc_sign(message, self.selector.encode(), self.domain.encode(), self.pem, authserv_id.encode())
        return b"".join(fields) + message

    @property
    def pem(self) -> bytes:
        """The private key as signers read it."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
