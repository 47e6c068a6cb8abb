# SPDX-License-Identifier: GPL-3.0-or-later
"""Octets and encoded words in fields for people that no charset, or not the declared one, explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.mime.charsets import codec_of
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_KEYS = (b"subject", b"from", b"to", b"reply-to")
_MAX_BYTES = 2_048
# U+FFFD of UTF-8 in quoted-printable, and in base64 wherever it begins.
_REPLACEMENT = (b"=EF=BF=BD", b"=ef=bf=bd", b"77+9", b"+/v", b"vv7")
_WORD = re.compile(rb"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?[bBqQ]\?")

RAW = SymbolDefinition(
    name="HEADER_RAW_OCTETS",
    score=1.2,
    group="headers",
    meaning="subject or address fields hold octets of an undeclared charset",
)
UNKNOWN = SymbolDefinition(
    name="HEADER_CHARSET_UNKNOWN",
    score=0.4,
    group="headers",
    meaning="subject or address fields name a charset that does not exist",
)
BROKEN = SymbolDefinition(
    name="HEADER_CHARSET_BROKEN",
    score=0.4,
    group="headers",
    meaning="the subject cannot be read in the charset that it declares",
)


def _find(letter: Letter) -> Iterator[Finding]:
    fields = [field.value[:_MAX_BYTES] for key in _KEYS if (field := letter.headers.first(key)) is not None]
    together = b"".join(fields)
    if together.isascii() and b"=?" not in together:
        return
    if any(not value.isascii() and not _is_utf8(value) for value in fields):
        yield Finding(RAW.name)
    labels = {match[1] for value in fields if b"=?" in value for match in _WORD.finditer(value)}
    unknown = next((label for label in sorted(labels) if codec_of(label.decode("latin-1")) is None), None)
    if unknown is not None:
        yield Finding(UNKNOWN.name, shown(unknown))
    elif labels and "\ufffd" in letter.subject and not _is_meant(letter):
        yield Finding(BROKEN.name, shown(letter.subject))


def _is_utf8(value: bytes) -> bool:
    """RFC 6532 allows it, and others write it without asking; a character may be cut at the bound."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(value) == _MAX_BYTES and error.start >= _MAX_BYTES - 3
    return True


def _is_meant(letter: Letter) -> bool:
    """Somebody before has replaced what he could not read, and encoded that."""
    field = letter.headers.first(b"subject")
    return field is not None and any(mark in field.value for mark in _REPLACEMENT)


CHECK = ContentCheck(name="header_charset", symbols=(RAW, UNKNOWN, BROKEN), find=_find)
