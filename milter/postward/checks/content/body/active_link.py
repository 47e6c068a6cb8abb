# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that are no address of a page but the page itself, or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.mime.links.link import LinkSource
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_SCRIPTS = frozenset({"javascript", "vbscript"})
_NO_PAGES = _SCRIPTS | {"data"}
_NOTHING = ("void", ";", "//", "return", "history.", "window.close", "window.print", "self.close", "%20void")
_CLICKED = frozenset({LinkSource.ANCHOR, LinkSource.FORM})
_SCRIPT = SymbolDefinition(name="LINK_SCRIPT", score=0.5, group="links", meaning="a link runs a script")
_DATA = SymbolDefinition(name="LINK_DATA", score=0.5, group="links", meaning="a link holds the page that it opens")


def _find(letter: Letter) -> Iterator[Finding]:
    links = [link for link in letter.links if link.scheme in _NO_PAGES and link.source in _CLICKED]
    # Links that shall do nothing are written so.
    if any(link.scheme in _SCRIPTS and not _code_of(link.url).startswith(_NOTHING) for link in links):
        yield Finding(_SCRIPT.name)
    if any(link.scheme == "data" for link in links):
        yield Finding(_DATA.name)


def _code_of(url: str) -> str:
    # Nothing at all does nothing, as a semicolon does.
    return url.partition(":")[2].strip().lower() or ";"


CHECK = ContentCheck(name="active_link", symbols=(_SCRIPT, _DATA), find=_find)
