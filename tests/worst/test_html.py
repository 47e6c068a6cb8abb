# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML made to cost: what would grow with the square of a document is bounded, and all of it is read."""

from __future__ import annotations

import pytest

from postward.mime.html.collector import Collector
from postward.mime.html.elements import MAX_LINKS
from postward.mime.html.lxml_reader import (
    CHUNK_BYTES,
    LARGE_CHUNK_BYTES,
    MAX_COMPARED,
    MAX_DEPTH,
    chunks_of,
    go_through,
)
from postward.mime.html.old_parser import made_ready
from postward.mime.html.tag_bounds import MAX_ATTRIBUTES
from postward.mime.html.view import view_of
from postward.mime.links.links import LinkBounds, links_of
from tests.unit.mime.making import part

SIZE = 400_000
ATTRIBUTES = " ".join(f"a{number:x}" for number in range(SIZE // 6))
REPEATED = [
    "<div>", "<b>", "<p>", "<a href=x>", "<table><tr><td>", "<font color=red>", "<ul><li>", "<", "&",
    "&#x41;", "<!---->", "<!-- ",
    "</b>", "<![CDATA[", "<select><option>", "<form>", "\0", "<x:y>", "<svg>", "<textarea>", "<a b='", "<style>.x{",
    "</html>",
    "<b style='color:red'>", "<b class='a b c' id=d>", "<img src=x>", "<body bgcolor=red>", "<html><head>",
    "<meta charset=x>",
]  # fmt: skip
SHAPES = {
    **{f"{piece!r} over and over": piece * (SIZE // len(piece)) for piece in REPEATED},
    "ends of what is not open": "<b>" * (SIZE // 7) + "</i>" * (SIZE // 7),
    "ends between": "<div><i>x</b></i>" * (SIZE // 17),
    "attributes of one tag": f"<a {ATTRIBUTES}>",
    "attributes in quotes": f'<a b"="{ATTRIBUTES}\'>',
    "attributes of many tags": ("<a " + ATTRIBUTES[:2_000] + ">") * (SIZE // 2_004),
    "a picture within": '<img src="data:image/png;base64,' + "A/+b" * (SIZE // 4) + '">',
    "colours": "".join(f"<b style='color:#{number:06x}'>x</b>" for number in range(SIZE // 33)),
    "a style sheet": "<style>" + ".x,.y{display:none}" * (SIZE // 38) + "</style>" + "<b class=x>x</b>" * (SIZE // 32),
    "style sheets": "<style>.x{display:none}</style><b class=x>x</b>" * (SIZE // 47),
    "declarations": "<b style='" + "color:red;" * (SIZE // 10) + "'>",
    "text": "x" * SIZE,
    "letters of three octets": "\u20ac<b>" * (SIZE // 6),
}


class Counting(Collector):
    """Counts what the parser tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told = self.deepest = self.most_attributes = 0

    def start(self, tag, attrib, /):
        super().start(tag, attrib)
        self.told += 1
        self.deepest = max(self.deepest, self.depth)
        self.most_attributes = max(self.most_attributes, len(attrib))

    def data(self, data, /):
        super().data(data)
        self.told += 1


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_effort_is_bounded(shape):
    collector = Counting()
    ready = made_ready(shape)
    go_through(shape if ready is None else ready, collector)
    # The shortest element has three octets.
    assert collector.deepest <= MAX_DEPTH + LARGE_CHUNK_BYTES // 3
    assert collector.most_attributes <= MAX_ATTRIBUTES
    assert collector.told <= len(shape) + 5 * len(shape) // CHUNK_BYTES + 10


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_is_kept_is_bounded(shape):
    html = part("Content-Type: text/html; charset=utf-8", shape)
    view = view_of(html, 2 * SIZE)
    assert len(view.links) <= MAX_LINKS
    assert len(view.visible_text) + len(view.hidden_text) <= 2 * len(shape)
    assert len(links_of([html], {html.path: view}, LinkBounds(links=50))) <= 50


def test_the_end_of_the_deepest_document_is_read():
    seen = view_of(
        part("Content-Type: text/html", SHAPES["ends of what is not open"] + "<a href=http://a.example/>x"), 2 * SIZE
    )
    assert [link.url for link in seen.links] == ["http://a.example/"]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_ends_are_looked_for_among_few(shape):
    octets = shape.encode()
    chunks = list(chunks_of(octets))
    assert b"".join(chunks) == octets
    for chunk in chunks:
        ends = chunk.count(b"</")
        assert len(chunk) <= CHUNK_BYTES or (chunk.count(b"<") - ends + MAX_DEPTH) * ends <= MAX_COMPARED
        chunk.decode()
