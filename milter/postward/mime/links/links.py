"""The URLs of a message, each once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.mime.links.link import Link, LinkSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.mime.html.view import HtmlView
    from postward.mime.part import Part

_URL = re.compile(r"(https?)://([a-z0-9.-]{1,253}+)[^\s<>\"]{0,1000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBounds:
    """How many of one message are read."""

    links: int = 200


def links_of(parts: Iterable[Part], html: Mapping[str, HtmlView], bounds: LinkBounds) -> tuple[Link, ...]:
    """Those of plain text and of HTML, in their order; ``html`` holds what each HTML part says, by its path."""
    found: dict[tuple[str, LinkSource], Link] = {}
    for part in parts:
        text = " ".join(link.url for link in html[part.path].links) if part.path in html else ""
        for match in _URL.finditer(text or (part.text() if part.is_body else "")):
            source = LinkSource.ANCHOR if text else LinkSource.TEXT
            link = Link(url=match[0], scheme=match[1].lower(), host=match[2].lower(), source=source)
            found.setdefault((link.url, source), link)
    return tuple(found.values())[: bounds.links]
