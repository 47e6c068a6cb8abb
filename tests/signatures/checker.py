# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells whether a DKIM signature is right, by the canonicalisation of ``reference`` and nothing of Postward."""

from __future__ import annotations

import re
from base64 import b64decode
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.signatures import keys, reference
from tests.signatures.message import read_message
from tests.signatures.signer import selected

if TYPE_CHECKING:
    from postward.model.header import HeaderField


def signature_tags(value: bytes) -> dict[str, str]:
    """The tags of a signature without any white space."""
    text = re.sub(rb"[ \t\r\n]", b"", value).decode("ascii")
    return dict(tag.split("=", 1) for tag in text.split(";") if tag)


def is_right(raw: bytes, key: str, index: int = 0) -> bool:
    """Whether the ``index``-th signature from the top was made over ``raw`` with the key of that name."""
    headers, body = read_message(raw)
    own = headers.all(b"dkim-signature")[index]
    tags = signature_tags(own.value)
    header, body_canonicalization = tags["c"].split("/")
    body_hash = sha256(reference.BODIES[body_canonicalization](bytes(body))).digest()
    return body_hash == b64decode(tags["bh"]) and _verifies(key, b64decode(tags["b"]), _data(raw, own, tags, header))


def _data(raw: bytes, own: HeaderField, tags: dict[str, str], header: str) -> bytes:
    canonical = reference.FIELDS[header]
    covered = b"".join(canonical(name, value) for name, value in selected(raw, tuple(tags["h"].split(":"))))
    unsigned = re.sub(rb"(;[ \t\r\n]*b=)[^;]*", rb"\1", own.value)
    return covered + canonical(own.name, unsigned).removesuffix(b"\r\n")


def _verifies(key: str, signature: bytes, data: bytes) -> bool:
    public_key = keys.private_key(key).public_key()
    try:
        if isinstance(public_key, RSAPublicKey):
            public_key.verify(signature, data, PKCS1v15(), SHA256())
        else:
            public_key.verify(signature, sha256(data).digest())
    except InvalidSignature:
        return False
    return True
