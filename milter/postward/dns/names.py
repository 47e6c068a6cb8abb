# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS names as they are asked for: A-labels in lower case (RFC 1035 section 2.3.4, RFC 5890, UTS 46)."""

from __future__ import annotations

import re
from functools import lru_cache

import idna

MAX_NAME_CHARACTERS = 253
"""Longest name without its closing dot; with it and the root's length octet that is 255 octets of wire format."""

_ASCII_NAME = re.compile(r"(?:[^.]{1,63}\.)*[^.]{1,63}")


def to_ascii(name: str) -> str | None:
    """Convert ``name`` to the form in which it stands in DNS: A-labels, lower case, no closing dot.

    None where it cannot be a DNS name: empty, an empty label, a label over 63 octets, over 253 octets in all, or a
    U-label that UTS 46 or, but for symbols, IDNA 2008 refuses.  Any other ASCII is allowed, for DNS allows it (RFC 2181
    section 11).
    """
    # The bound of the cache is one of memory too, for nothing longer gets there.
    return None if len(name) > MAX_NAME_CHARACTERS + 1 else _ascii_form(name)


@lru_cache(maxsize=4096)
def _ascii_form(name: str) -> str | None:
    if not name.isascii():
        name = _a_labels(name)
    name = name.removesuffix(".").lower()
    if len(name) > MAX_NAME_CHARACTERS or not _ASCII_NAME.fullmatch(name):
        return None
    return name


def _a_labels(name: str) -> str:
    """Convert the U-labels of ``name``; an empty string where that cannot be done.

    Label by label, since ``idna.encode`` refuses the underscore of ``_dmarc`` and the like.
    """
    try:
        labels = idna.uts46_remap(name, std3_rules=False, transitional=False).split(".")
        return ".".join(label if label.isascii() else _a_label(label) for label in labels)
    except UnicodeError:
        # IDNAError is a UnicodeError, and so is what a lone surrogate (PEP 383) causes.
        return ""


def _a_label(label: str) -> str:
    try:
        return idna.alabel(label).decode("ascii")
    except idna.InvalidCodepoint:
        # IDNA 2008 has no symbols, UTS 46 has: such names are registered, resolve, and are what a reader sees.
        return f"xn--{label.encode('punycode').decode('ascii')}"
