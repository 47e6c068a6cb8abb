# SPDX-License-Identifier: GPL-3.0-or-later
"""The URLs of a message, each once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from postward.mime.links.in_text import urls_in
from postward.mime.links.link import Link, LinkSource
from postward.mime.links.read_url import read_url
from postward.mime.links.relative import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postward.mime.html.view import HtmlView
    from postward.mime.part import Part

_TEXT_CHARACTERS = 262_144
"""Of each part of plain text."""
_SOURCES = {"a": LinkSource.ANCHOR, "area": LinkSource.ANCHOR, "form": LinkSource.FORM}
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_NOT_ELSEWHERE = frozenset({"cid", "mid", "about"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBounds:
    """How many of one message are read."""

    links: int = 200


def links_of(parts: Iterable[Part], html: Mapping[str, HtmlView], bounds: LinkBounds) -> tuple[Link, ...]:
    """Those of plain text and of HTML, in their order; ``html`` holds what each HTML part says, by its path.

    Each URL is there once for each source.  What leads nowhere else is none: places within the document, and parts of
    the message (RFC 2392).
    """
    found: dict[tuple[str, LinkSource], Link] = {}
    for url, source, shown, is_hidden in chain.from_iterable(_written(part, html) for part in parts if part.is_body):
        if (url, source) in found:
            continue
        link = read_url(url, source=source, shown=shown, is_hidden=is_hidden)
        if link is not None and _leads_elsewhere(link):
            found[url, source] = link
            if len(found) >= bounds.links:
                break
    return tuple(found.values())


def _leads_elsewhere(link: Link) -> bool:
    if link.source is LinkSource.TEXT and not (link.host or link.address):
        return False
    return link.scheme not in _NOT_ELSEWHERE


def _written(part: Part, html: Mapping[str, HtmlView]) -> Iterator[tuple[str, LinkSource, str, bool]]:
    view = html.get(part.path)
    if view is not None:
        yield from _of_view(view)
    elif part.content_type not in _HTML:
        for url in urls_in(part.text(_TEXT_CHARACTERS)):
            yield url, LinkSource.TEXT, "", False


def _of_view(view: HtmlView) -> Iterator[tuple[str, LinkSource, str, bool]]:
    """What can be clicked comes first, so that pictures never use its places up."""
    for is_wanted in (True, False):
        for link in view.links:
            if (link.tag in _SOURCES) is is_wanted:
                source = _SOURCES.get(link.tag, LinkSource.RESOURCE)
                yield absolute(link.url, view.base), source, link.shown, link.is_hidden
        if is_wanted:
            for text, is_hidden in ((view.visible_text, False), (view.hidden_text, True)):
                for url in urls_in(text):
                    yield url, LinkSource.TEXT, "", is_hidden
