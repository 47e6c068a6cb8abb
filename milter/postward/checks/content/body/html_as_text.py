# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML that is said to be plain text, by programs whose authors have forgotten the type (RFC 2046 section 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_LOOKED_AT_BYTES = 300
_BEGINNINGS = (b"<html", b"<!doctype", b"<head", b"<body", b"<table", b"<div", b"<p>", b"<center", b"<font")
_UNSAID = SymbolDefinition(
    name="TEXT_IS_HTML", score=1.0, group="body", meaning="its plain text is HTML, which a reader sees as code"
)


def _find(letter: Letter) -> Iterator[Finding]:
    texts = (part for part in letter.parts if part.is_body and part.content_type == "text/plain")
    if any(part.decoded(_LOOKED_AT_BYTES).lstrip().lower().startswith(_BEGINNINGS) for part in texts):
        yield Finding(_UNSAID.name)


CHECK = ContentCheck(name="html_as_text", symbols=(_UNSAID,), find=_find)
