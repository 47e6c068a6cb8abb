# SPDX-License-Identifier: GPL-3.0-or-later
"""What each element does to the text in it: by its style, by old attributes, and by style sheets of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.mime.html.colour import LINK_BLUE, Colour, read_colour
from postward.mime.html.sheet import read_sheet
from postward.mime.html.style import PLAIN, Style, read_style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.mime.html.ground import Ground

_MAX_REMEMBERED = 2_000
_MAX_CLASSES = 20
SILENT = frozenset({"script", "style", "title", "noembed", "noframes", "iframe", "template"})
"""Elements whose text is not shown."""
_COLOURED = {"a": "", "font": "color", "body": "text"}
"""Elements that have a colour without a style, and the attribute that says which."""


class Sight:
    """Of one document; what is said in the same way at the same place is read once."""

    def __init__(self) -> None:
        self._sheet: dict[str, Style] = {}
        self._remembered: dict[tuple[object, ...], tuple[Ground, Ground, str]] = {}

    def add_sheet(self, text: str) -> None:
        """A style sheet, which holds for all that comes behind it."""
        self._sheet |= read_sheet(text)
        self._remembered.clear()

    def within(self, outer: Ground, tag: str, attrib: Mapping[str, str]) -> tuple[Ground, str]:
        """What is in force in that element, and the URL of the picture behind it."""
        get = attrib.get
        names = (get("class"), get("id")) if self._sheet else None
        own = (tag, get("color"), get("text"), "href" in attrib) if tag in _COLOURED or tag in SILENT else None
        # The outer one is kept too, so that nothing else gets its identity.
        key = (id(outer), get("style"), get("bgcolor"), get("background"), get("hidden"), names, own)
        known = self._remembered.get(key)
        if known is None:
            known = (outer, *self._look(outer, tag, attrib))
            if len(self._remembered) < _MAX_REMEMBERED:
                self._remembered[key] = known
        return known[1], known[2]

    def _look(self, outer: Ground, tag: str, attrib: Mapping[str, str]) -> tuple[Ground, str]:
        ground, url = outer, attrib.get("background", "")
        for style in self._styles(tag, attrib):
            if style is not PLAIN:
                ground = ground.within(style)
                url = style.url or url
        return (ground.silenced() if tag in SILENT else ground), url

    def _styles(self, tag: str, attrib: Mapping[str, str]) -> list[Style]:
        """In the order in which later ones are stronger."""
        colour = _colour(attrib.get(_COLOURED[tag])) if tag in _COLOURED else None
        if tag == "a" and "href" in attrib:
            colour = LINK_BLUE
        ground = "picture" if attrib.get("background") else _colour(attrib.get("bgcolor"))
        styles = [_old_style(colour, ground, is_gone="hidden" in attrib)]
        if self._sheet:
            names = [f".{name}" for name in attrib.get("class", "").split(None, _MAX_CLASSES)]
            styles += [self._sheet[name] for name in (*names, f"#{attrib.get('id', '')}") if name in self._sheet]
        return [*styles, read_style(attrib.get("style", ""))]


def _old_style(colour: Colour | str | None, ground: Colour | str | None, *, is_gone: bool) -> Style:
    says = is_gone or colour is not None or ground is not None
    return Style(colour=colour, ground=ground, is_gone=is_gone) if says else PLAIN


def _colour(value: str | None) -> Colour | str | None:
    return read_colour(value.strip().lower()) if value else None
