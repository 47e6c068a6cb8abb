# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML without the same as plain text beside it (RFC 2046 section 5.1.4), as programs for mass mail send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_ALONE = SymbolDefinition(
    name="HTML_WITHOUT_TEXT", score=0.0, group="html", meaning="it is HTML without a form in plain text"
)


def _find(letter: Letter) -> Iterator[Finding]:
    bodies = [part.content_type for part in letter.parts if part.is_body]
    if bodies and "text/plain" not in bodies and "text/html" in bodies:
        yield Finding(_ALONE.name)


CHECK = ContentCheck(name="html_alone", symbols=(_ALONE,), find=_find)
