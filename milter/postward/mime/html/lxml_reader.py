# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML through lxml: the only place that knows the library.

The parser tells a target what it meets and makes no tree, so it loses nothing behind deep nesting, and needs little
memory.  One of its costs grows with the square of what a stranger writes: an end of an element that is not open is
looked for among all that are.  So it is given the document in chunks, and where too many elements are open another
parser goes on.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from lxml import etree

from postward.mime.charsets import decode_text
from postward.mime.html.collector import Collector
from postward.mime.html.old_parser import OPENING, made_ready
from postward.mime.html.view import HtmlView
from postward.mime.html_text import charset_of_html, html_to_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mime.part import Part

MAX_DEPTH = 1_000
"""Open elements; mail that was answered a hundred times has a few hundred."""
CHUNK_BYTES = 4_096
"""What the parser is given at once of a document that may be made to cost."""
LARGE_CHUNK_BYTES = 65_536
"""Of any other: each time the parser begins, other threads may take the interpreter, for 5 ms each."""
MAX_COMPARED = 4_000_000
"""Names that are compared, where all ends in a large chunk are of what is not open; 15 ms."""
_IS_OLD = etree.LIBXML_VERSION < (2, 14)


def read_html(part: Part, max_bytes: int) -> HtmlView:
    """Read one part, ``max_bytes`` of its content at most; never raises."""
    octets = part.decoded(max_bytes)
    source = decode_text(octets, part.charset or charset_of_html(octets)).replace("\0", "\ufffd")
    is_cut = part.size_bytes > max_bytes
    ready = made_ready(source) if _IS_OLD else source
    if ready is None:
        text = " ".join(html_to_text(source, max_bytes).split())
        return HtmlView(visible_text=text, is_cut=True, problem="tags begin within tags without end")
    collector = Collector()
    problem = go_through(ready, collector)
    return collector.view(is_cut=is_cut, problem=problem)


def go_through(source: str, collector: Collector) -> str:
    """Tell the collector what is in the source; why it was not read as a whole, in words."""
    parser = _parser(collector)
    problem = ""
    with suppress(etree.LxmlError):  # a document in which it finds nothing at all
        for chunk in chunks_of(source.encode("utf-8", "replace")):
            parser.feed(chunk)
            if collector.depth > MAX_DEPTH:
                problem = "elements are nested too deep"
                parser.close()
                collector.start_again()
                parser = _parser(collector)
        parser.close()
    return problem


def _parser(collector: Collector) -> etree.HTMLParser:
    # Without huge_tree text of more than ten million octets ends the reading.
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=True, no_network=True)
    if _IS_OLD:
        parser.feed(OPENING)
    return parser


def chunks_of(octets: bytes) -> Iterator[bytes]:
    """In pieces that begin with a mark, or else at least with a whole character."""
    start = 0
    while start < len(octets):
        end = start + (CHUNK_BYTES if _may_cost(octets, start) else LARGE_CHUNK_BYTES)
        if end < len(octets):
            mark = octets.rfind(b"<", start + 1, end)
            end = mark if mark > 0 else _character_start(octets, end)
        yield octets[start:end]
        start = end


def _may_cost(octets: bytes, start: int) -> bool:
    end = start + LARGE_CHUNK_BYTES
    marks, ends = octets.count(b"<", start, end), octets.count(b"</", start, end)
    return (marks - ends + MAX_DEPTH) * ends > MAX_COMPARED


def _character_start(octets: bytes, at: int) -> int:
    while octets[at] & 0xC0 == 0x80:  # noqa: PLR2004 - octets of UTF-8 that go on (RFC 3629 section 3)
        at -= 1
    return at
