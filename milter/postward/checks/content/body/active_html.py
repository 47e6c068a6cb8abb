# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML that wants to do more than to be read: forms, passwords, scripts, and pages that go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_FORM = SymbolDefinition(
    name="HTML_FORM", score=0.0, group="html", meaning="it holds a form that sends what the reader writes into it"
)
_PASSWORD = SymbolDefinition(name="HTML_PASSWORD_FIELD", score=0.5, group="html", meaning="it asks for a password")
_SCRIPT = SymbolDefinition(name="HTML_SCRIPT", score=0.0, group="html", meaning="it holds a script")
_REFRESH = SymbolDefinition(
    name="HTML_REFRESH", score=0.5, group="html", meaning="it sends the reader's program to another page"
)


def _find(letter: Letter) -> Iterator[Finding]:
    views = letter.html.values()
    if any(view.forms for view in views):
        yield Finding(_FORM.name)
    if any(view.password_fields for view in views):
        yield Finding(_PASSWORD.name)
    if any(view.has_script for view in views):
        yield Finding(_SCRIPT.name)
    if any(view.refreshes_to for view in views):
        yield Finding(_REFRESH.name)


CHECK = ContentCheck(name="active_html", symbols=(_FORM, _PASSWORD, _SCRIPT, _REFRESH), find=_find)
