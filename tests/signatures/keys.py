# SPDX-License-Identifier: GPL-3.0-or-later
"""The private keys of ``tests/keys`` and the records that publish them."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, Hash, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

KEYS = Path(__file__).resolve().parent.parent / "keys"

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


@cache
def private_key(name: str) -> PrivateKey:
    """The key in ``tests/keys/NAME.pem``."""
    key = load_pem_private_key(pem(name), None)
    assert isinstance(key, RSAPrivateKey | Ed25519PrivateKey)
    return key


def pem(name: str) -> bytes:
    """The key as a file."""
    return (KEYS / f"{name}.pem").read_bytes()


def public_octets(name: str) -> bytes:
    """What stands, in base64, in p=."""
    public_key = private_key(name).public_key()
    if isinstance(private_key(name), Ed25519PrivateKey):
        return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def record(name: str, tags: str = "") -> str:
    """A key record; ``tags`` stand between v= and p=, each with its semicolon."""
    key_type = "ed25519" if name == "ed25519" else "rsa"
    return f"v=DKIM1; k={key_type}; {tags}p={b64encode(public_octets(name)).decode()}"


def sign(name: str, data: bytes, *, sha1: bool = False) -> bytes:
    """Signature of ``data`` as DKIM makes it: for Ed25519 over the hash (RFC 8463 section 3)."""
    key = private_key(name)
    algorithm: HashAlgorithm = SHA1() if sha1 else SHA256()  # noqa: S303 - what must not be accepted
    if isinstance(key, RSAPrivateKey):
        return key.sign(data, PKCS1v15(), algorithm)
    hasher = Hash(algorithm)
    hasher.update(data)
    return key.sign(hasher.finalize())
