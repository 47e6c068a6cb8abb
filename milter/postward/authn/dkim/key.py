# SPDX-License-Identifier: GPL-3.0-or-later
"""Public keys as they stand in DNS (RFC 6376 section 3.6.1, RFC 8463 section 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from postward.authn.dkim.base64_value import Base64Error, decode_base64
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.tag_list import TagListError, parse_tag_list, split_list
from postward.model.dkim import DkimStatus

MAX_RECORD_BYTES = 8192
"""Longest record that is read; a key of 16384 bits takes 2.8 kB."""

MAX_CACHED_KEYS = 2048

_LINE_ENDS_TO_SPACES = bytes.maketrans(b"\r\n", b"  ")
_MIN_EXPONENT = 3
_MAX_EXPONENT = 1 << 64
_ED25519_BITS = 256

PublicKey = RSAPublicKey | Ed25519PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """One usable key record."""

    key_type: str
    """ "rsa" or "ed25519"."""
    public_key: PublicKey
    bits: int
    """Size of the modulus; 256 for Ed25519."""
    hashes: frozenset[bytes] | None
    """Hash algorithms the key may be used with; None for any."""
    for_email: bool
    """The service type allows e-mail."""
    testing: bool
    """Flag y: the domain is testing DKIM."""
    strict_identity: bool
    """Flag s: the domain of i= must be d= itself."""


@lru_cache(maxsize=MAX_CACHED_KEYS)
def read_key_record(record: bytes) -> KeyRecord:
    """Parse a record; raises ``SignatureError`` where it holds no usable key, a revoked one for example."""
    if len(record) > MAX_RECORD_BYTES:
        raise _unusable("key record is too long")
    try:
        # Zone editors leave line ends in long records; other verifiers take them for white space, too.
        tags = parse_tag_list(record.translate(_LINE_ENDS_TO_SPACES))
    except TagListError as error:
        raise _unusable("key record is not a tag list") from error
    _check_version(tags)
    key_type = tags.get(b"k", b"rsa").decode("ascii", "replace").lower()
    public_key = _read_public_key(key_type, tags)
    flags = split_list(tags.get(b"t", b"").lower())
    services = split_list(tags.get(b"s", b"*").lower())
    return KeyRecord(
        key_type=key_type,
        public_key=public_key,
        bits=public_key.key_size if isinstance(public_key, RSAPublicKey) else _ED25519_BITS,
        hashes=frozenset(split_list(tags[b"h"].lower())) if b"h" in tags else None,
        for_email=b"*" in services or b"email" in services,
        testing=b"y" in flags,
        strict_identity=b"s" in flags,
    )


def _check_version(tags: dict[bytes, bytes]) -> None:
    # RFC 6376 section 3.6.1: v= is the first tag if it is there at all, and any other value means another protocol.
    if b"v" in tags and (next(iter(tags)) != b"v" or tags[b"v"] != b"DKIM1"):
        raise _unusable("key record has another version")


def _read_public_key(key_type: str, tags: dict[bytes, bytes]) -> PublicKey:
    if b"p" not in tags:
        raise _unusable("key record has no p=")
    if not tags[b"p"]:
        raise _unusable("key is revoked")
    try:
        octets = decode_base64(tags[b"p"])
    except Base64Error as error:
        raise _unusable("key is not valid base64") from error
    if key_type == "rsa":
        return _read_rsa(octets)
    if key_type == "ed25519":
        return _read_ed25519(octets)
    raise _unusable("key type is not known")


def _read_rsa(octets: bytes) -> RSAPublicKey:
    """SubjectPublicKeyInfo, or the bare RSAPublicKey of PKCS #1 that the RFC's text asks for (erratum 3017)."""
    try:
        public_key = load_der_public_key(octets)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable("key cannot be parsed") from error
    if not isinstance(public_key, RSAPublicKey):
        raise _unusable("key is not an RSA key")
    exponent = public_key.public_numbers().e
    # With exponent 1 anybody can sign; a huge one makes verifying as dear as signing.
    if not exponent & 1 or not _MIN_EXPONENT <= exponent <= _MAX_EXPONENT:
        raise _unusable("key has an unusable exponent")
    return public_key


def _read_ed25519(octets: bytes) -> Ed25519PublicKey:
    # RFC 8463 section 4.2: the 32 octets of the key itself, no ASN.1 around them.
    try:
        return Ed25519PublicKey.from_public_bytes(octets)
    except ValueError as error:
        raise _unusable("key cannot be parsed") from error


def _unusable(reason: str) -> SignatureError:
    return SignatureError(DkimStatus.PERMERROR, reason)
