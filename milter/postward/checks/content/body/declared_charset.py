# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that is not in the charset that it names (RFC 2046 section 4.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.mime.charsets import codec_of
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_LOOKED_AT_BYTES = 8_192
_SAY_NOTHING = frozenset({"unknown-8bit", "x-unknown", "unknown", "x-user-defined", "binary"})
"""What gateways and programs write that do not know (RFC 1428 section 3)."""
_MAX_CUT_OFF = 4
"""Octets of one character."""
_ASCII = SymbolDefinition(
    name="TEXT_NOT_ASCII",
    score=0.3,
    group="body",
    meaning="its text is said to be ASCII and is not",
)
_UNKNOWN = SymbolDefinition(
    name="TEXT_CHARSET_UNKNOWN", score=1.2, group="body", meaning="its text names a charset that does not exist"
)
_WRONG = SymbolDefinition(
    name="TEXT_NOT_UTF8", score=0.3, group="body", meaning="its text is said to be UTF-8 and is not"
)


def _find(letter: Letter) -> Iterator[Finding]:
    charsets = [(part, part.charset) for part in letter.parts if part.is_body]
    found = {_fault(part, charset): charset for part, charset in charsets if charset}
    for symbol in CHECK.symbols:
        if symbol.name in found:
            yield Finding(symbol.name, f"charset {found[symbol.name][:40]}")


def _fault(part: Part, charset: str) -> str:
    """Name of the symbol; "" where all is well."""
    codec = codec_of(charset)
    if codec is None:
        return "" if charset in _SAY_NOTHING else _UNKNOWN.name
    octets = part.decoded(_LOOKED_AT_BYTES)
    if octets.isascii():
        return ""
    if codec == "ascii":
        return _ASCII.name
    return _WRONG.name if codec == "utf_8" and not _is_utf8(octets) else ""


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(octets) == _LOOKED_AT_BYTES and error.start > len(octets) - _MAX_CUT_OFF
    return True


CHECK = ContentCheck(name="declared_charset", symbols=(_ASCII, _UNKNOWN, _WRONG), find=_find)
