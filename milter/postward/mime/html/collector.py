# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes note of what a document holds while a parser goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.mime.html.elements import READERS, Elements
from postward.mime.html.ground import Ground
from postward.mime.html.sheet import MAX_SHEET_CHARACTERS
from postward.mime.html.sight import SILENT, Sight
from postward.mime.html.view import HtmlView
from postward.mime.html_text import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_SHOWN_PIECES = 400
_OUTERMOST = Ground()


class Collector:
    """A target of ``lxml.etree.HTMLParser``; ``view`` is what it has seen."""

    def __init__(self) -> None:
        self._elements = Elements()
        self._sight = Sight()
        self._grounds = [_OUTERMOST]
        self._visible: list[str] = []
        self._hidden: list[str] = []
        self._sheet: list[str] = []
        self._sheet_left = MAX_SHEET_CHARACTERS
        self._anchor: tuple[int, int] | None = None
        """Which link is open, and where its text begins."""

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._grounds) - 1

    def start_again(self) -> None:
        """Another parser goes on from here, with no element open."""
        self._end_anchor()
        self._sheet.clear()
        del self._grounds[1:]

    def start(self, tag: str, attrib: Mapping[str, str], /) -> None:
        """The parser has met the beginning of an element."""
        ground = self._grounds[-1]
        if tag in BLOCKS:
            self._visible.append(" ")
            if self._hidden:
                self._hidden.append(" ")
        if attrib or tag in SILENT:
            ground, url = self._sight.within(ground, tag, attrib)
            self._elements.look_around(tag, attrib, url, ground.is_hidden)
        self._grounds.append(ground)
        reader = READERS.get(tag)
        if reader is not None:
            had = len(self._elements.links)
            reader(self._elements, tag, attrib, ground.is_hidden)
            if tag == "a":
                self._begin_anchor(had)

    def end(self, tag: str, /) -> None:
        """The parser has met the end of an element, or there must be one."""
        if tag in BLOCKS:
            self._visible.append(" ")
            if self._hidden:
                self._hidden.append(" ")
        elif tag == "a":
            self._end_anchor()
        elif tag == "style" and self._sheet:
            self._sight.add_sheet("".join(self._sheet))
            self._sheet.clear()
        if len(self._grounds) > 1:
            self._grounds.pop()

    def data(self, data: str, /) -> None:
        """The parser has met text, or a piece of one."""
        ground = self._grounds[-1]
        if not ground.is_silent:
            (self._hidden if ground.is_hidden else self._visible).append(data)
        elif self._sheet_left > 0 and ("{" in data or self._sheet):
            self._sheet.append(data[: self._sheet_left])
            self._sheet_left -= len(data)

    def close(self) -> None:
        """The parser has come to its end."""

    def view(self, *, is_cut: bool, problem: str) -> HtmlView:
        """All that was seen."""
        self._end_anchor()
        found = self._elements
        view = HtmlView(
            links=tuple(found.links),
            base=found.base,
            images=found.images,
            forms=found.forms,
            password_fields=found.password_fields,
            has_script=found.has_script,
            has_frame=found.has_frame,
            refreshes_to=found.refreshes_to,
            visible_text=" ".join("".join(self._visible).split()),
            hidden_text=" ".join("".join(self._hidden).split()),
            is_cut=is_cut or found.has_more,
            problem=problem,
        )
        # The parser and its target refer to each other, and a worker looks for such circles only now and then.
        self._visible, self._hidden, self._elements = [], [], Elements()
        return view

    def _begin_anchor(self, index: int) -> None:
        self._end_anchor()
        if len(self._elements.links) > index:
            self._anchor = (index, len(self._visible))

    def _end_anchor(self) -> None:
        if self._anchor is not None:
            (index, begin), self._anchor = self._anchor, None
            pieces = self._visible[begin : begin + _MAX_SHOWN_PIECES]
            self._elements.show(index, " ".join("".join(pieces).split()))
