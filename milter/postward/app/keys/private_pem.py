# SPDX-License-Identifier: GPL-3.0-or-later
"""A new private key, as the text of a PEM file."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_PUBLIC_EXPONENT = 65_537


def new_pem(algorithm: str, bits: int) -> bytes:
    """Make a key, "rsa" of so many bits or "ed25519", in PKCS #8."""
    key = (
        generate_private_key(public_exponent=_PUBLIC_EXPONENT, key_size=bits)
        if algorithm == "rsa"
        else Ed25519PrivateKey.generate()
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
