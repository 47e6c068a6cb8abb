# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a signature's tags, each read strictly (RFC 6376 section 3.5, RFC 8616 section 5)."""

from __future__ import annotations

import re
from hashlib import sha256

from postward.authn.dkim.base64_value import Base64Error, decode_base64
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.tag_list import split_list
from postward.dns.names import to_ascii
from postward.model.dkim import DkimStatus

Tags = dict[bytes, bytes]

ALGORITHMS = frozenset({"rsa-sha256", "ed25519-sha256"})
"""What may be verified (RFC 8301 section 3.1, RFC 8463)."""

_DOMAIN_NAME = re.compile(r"[a-z0-9._\-]+")
_CANONICALIZATIONS = frozenset({"simple", "relaxed"})
_MAX_TIME_DIGITS = 12
_MAX_LENGTH_DIGITS = 76


def unreadable(reason: str) -> SignatureError:
    """The signature's syntax is wrong."""
    return SignatureError(DkimStatus.NEUTRAL, reason)


def required(tags: Tags, name: str) -> bytes:
    """Value of tag ``name``; raises ``SignatureError`` where it is missing."""
    value = tags.get(name.encode("ascii"))
    if value is None:
        raise unreadable(f"no {name}=")
    return value


def read_algorithm(tags: Tags) -> str:
    """a=, one of ``ALGORITHMS``."""
    algorithm = required(tags, "a").decode("ascii", "replace").lower()
    if algorithm == "rsa-sha1":
        # RFC 8301 section 3.1: such a signature has failed evaluation.
        raise SignatureError(DkimStatus.POLICY, "rsa-sha1 is not accepted")
    if algorithm not in ALGORITHMS:
        raise unreadable("a= is not known")
    return algorithm


def read_base64(tags: Tags, name: str) -> bytes:
    """Octets of b= or bh=; white space inside is ignored, nothing else is forgiven."""
    try:
        octets = decode_base64(required(tags, name))
    except Base64Error as error:
        raise unreadable(f"{name}= is not valid base64") from error
    if not octets:
        raise unreadable(f"{name}= is empty")
    return octets


def read_body_hash(tags: Tags) -> bytes:
    """bh=, a SHA-256 hash."""
    digest = read_base64(tags, "bh")
    if len(digest) != sha256().digest_size:
        raise unreadable("bh= is not a SHA-256 hash")
    return digest


def read_domain(tags: Tags, name: str) -> str:
    """d= or s= as an A-label in lower case."""
    try:
        text = required(tags, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise unreadable(f"{name}= is not UTF-8") from error
    # Neither an ABNF domain-name nor a selector ends in a dot.
    domain = None if text.endswith(".") else to_ascii(text)
    if domain is None or not _DOMAIN_NAME.fullmatch(domain):
        raise unreadable(f"{name}= is not a domain name")
    return domain


def read_canonicalizations(tags: Tags, default: bytes = b"simple/simple") -> tuple[str, str]:
    """c= for header and body; the body's is simple where only one is given."""
    header, slash, body = tags.get(b"c", default).decode("ascii", "replace").lower().partition("/")
    if not slash:
        body = "simple"
    if header not in _CANONICALIZATIONS or body not in _CANONICALIZATIONS:
        raise unreadable("c= is not known")
    return header, body


def read_header_names(tags: Tags, max_names: int) -> tuple[bytes, ...]:
    """h= in lower case; items without a name are passed over."""
    value = required(tags, "h")
    if value.count(b":") >= max_names:
        raise unreadable("h= has too many names")
    return tuple(name.lower() for name in split_list(value) if name)


def read_time(tags: Tags, name: str) -> int | None:
    """t= or x= as Unix time."""
    return _read_number(tags, name, _MAX_TIME_DIGITS)


def read_length(tags: Tags) -> int | None:
    """l=."""
    return _read_number(tags, "l", _MAX_LENGTH_DIGITS)


def check_query_methods(tags: Tags) -> None:
    """q= must offer dns/txt; others are passed over."""
    methods = split_list(tags.get(b"q", b"dns/txt"))
    if not any(method.lower() == b"dns/txt" for method in methods):
        raise unreadable("q= has no method that is known")


def _read_number(tags: Tags, name: str, max_digits: int) -> int | None:
    value = tags.get(name.encode("ascii"))
    if value is None:
        return None
    if not value.isdigit() or len(value) > max_digits:
        raise unreadable(f"{name}= is not a number")
    return int(value)
