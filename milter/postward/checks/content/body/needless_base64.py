# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain ASCII text in base64, in which nobody without a program can read it (RFC 2045 section 6.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_LOOKED_AT_BYTES = 65_536
_NEARLY_ASCII = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "iso8859-1"})
_NEEDLESS = SymbolDefinition(
    name="TEXT_NEEDLESS_BASE64", score=1.0, group="body", meaning="its text is plain ASCII, but wrapped in base64"
)


def _find(letter: Letter) -> Iterator[Finding]:
    texts = [part for part in letter.parts if part.is_body and part.encoding == "base64"]
    # Programs write any text in utf-8 or in a charset of Asia or Russia so; who says us-ascii wraps it by intent.
    if any(_is_ascii(part.decoded(_LOOKED_AT_BYTES)) for part in texts if part.charset in _NEARLY_ASCII):
        yield Finding(_NEEDLESS.name)


def _is_ascii(octets: bytes) -> bool:
    # ISO-2022-JP and its kin are octets of ASCII with escapes.
    return bool(octets) and octets.isascii() and b"\x1b" not in octets


CHECK = ContentCheck(name="needless_base64", symbols=(_NEEDLESS,), find=_find)
