"""HTML through lxml: the only place that knows the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from postward.mime.charsets import decode_text
from postward.mime.html.view import HtmlLink, HtmlView
from postward.mime.html_text import charset_of_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.mime.part import Part

_URL_ATTRIBUTES = ("href", "src", "action", "background")


class _Collector:
    def __init__(self) -> None:
        self._links: list[HtmlLink] = []
        self._text: list[str] = []
        self._silent = 0

    def start(self, tag: str, attrib: Mapping[str, str], /) -> None:
        self._silent += tag in {"script", "style"}
        for name in _URL_ATTRIBUTES:
            if attrib.get(name):
                self._links.append(HtmlLink(url=attrib[name].strip(), tag=tag))

    def end(self, tag: str, /) -> None:
        self._silent -= tag in {"script", "style"}

    def data(self, data: str, /) -> None:
        if not self._silent:
            self._text.append(data)

    def close(self) -> HtmlView:
        return HtmlView(links=tuple(self._links), visible_text=" ".join("".join(self._text).split()))


def read_html(part: Part, max_bytes: int) -> HtmlView:
    """Read one part, ``max_bytes`` of its content at most; never raises."""
    octets = part.decoded(max_bytes)
    text = decode_text(octets, part.charset or charset_of_html(octets))
    parser = etree.HTMLParser(target=_Collector(), huge_tree=True)
    parser.feed(text)
    view = parser.close()
    return view if isinstance(view, HtmlView) else HtmlView()
