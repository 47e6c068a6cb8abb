# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sender may use, as an operator writes it: an address, a domain, all below a domain, a group, or anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_LOCAL_PART_OCTETS = 256
"""RFC 5321 section 4.5.3.1.1 has 64; return paths with tokens are longer, and nobody refuses them."""

_GROUP = "group:"
_LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f@,;<>()\"\\:\[\]]+")


class PatternKind(StrEnum):
    """What a pattern is about."""

    ADDRESS = "address"
    DOMAIN = "domain"
    """All addresses of a domain."""
    SUBDOMAINS = "subdomains"
    """All addresses of the domains below one, at any depth."""
    GROUP = "group"
    """The address of a group, and those of its members."""
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderPattern:
    """One pattern; its domain is as written, and "" where none is."""

    kind: PatternKind
    local_part: str = ""
    """In lower case."""
    domain: str = ""


def parse_sender_pattern(text: str) -> SenderPattern:
    """Read ``alice``, ``alice@example.com``, ``@example.com``, ``*.example.com``, ``group:NAME`` or ``*``.

    Raises ValueError, whose text says what is wrong and never quotes the pattern.
    """
    if text == "*":
        return SenderPattern(kind=PatternKind.ANY)
    if text.startswith("*."):
        return SenderPattern(kind=PatternKind.SUBDOMAINS, domain=text[2:])
    if text.startswith("@"):
        return SenderPattern(kind=PatternKind.DOMAIN, domain=text[1:])
    kind = PatternKind.GROUP if text.startswith(_GROUP) else PatternKind.ADDRESS
    local_part, domain = parse_mailbox(text.removeprefix(_GROUP) if kind is PatternKind.GROUP else text)
    return SenderPattern(kind=kind, local_part=local_part, domain=domain)


def parse_mailbox(text: str) -> tuple[str, str]:
    """Split ``alice`` or ``alice@example.com`` into local part, in lower case, and domain, as written.

    Raises ValueError where there is no local part, or one that no mailbox has: white space, control characters, or what
    would need quotes (RFC 5321 section 4.1.2).
    """
    local_part, at, domain = text.rpartition("@") if "@" in text else (text, "", "")
    if at and not domain:
        raise ValueError("has no domain after the @")
    if not is_local_part(local_part):
        raise ValueError("is no address, and no local part of one")
    return local_part.lower(), domain


def is_local_part(text: str) -> bool:
    """True for a local part that a mailbox may have; without quotes."""
    if not _LOCAL_PART.fullmatch(text):
        return False
    try:
        return len(text.encode()) <= MAX_LOCAL_PART_OCTETS
    except UnicodeEncodeError:
        # Bytes that are not UTF-8 stand as lone surrogates (PEP 383).
        return False
