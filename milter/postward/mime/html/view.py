# SPDX-License-Identifier: GPL-3.0-or-later
"""What an HTML part holds, as checks look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.mime.part import Part

MAX_URL_CHARACTERS = 2_000
MAX_SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlLink:
    """Something that leads, or is fetched from, elsewhere."""

    url: str
    """As it is written, white space around it and control characters taken out; ``MAX_URL_CHARACTERS`` at most."""
    tag: str
    """a, area, form, img, iframe, link, base, meta ..."""
    shown: str = ""
    """What the reader sees of it; ``MAX_SHOWN_CHARACTERS`` at most, white space as one blank."""
    is_hidden: bool = False
    """The reader does not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlView:
    """One part."""

    links: tuple[HtmlLink, ...] = ()
    base: str = ""
    """URL of the first base element."""
    images: int = 0
    forms: int = 0
    """Forms that have an action."""
    password_fields: int = 0
    has_script: bool = False
    """Script elements, handlers of events, or javascript: links."""
    has_frame: bool = False
    """iframe, object, embed."""
    refreshes_to: str = ""
    """URL of a meta refresh."""
    visible_text: str = ""
    """White space as one blank."""
    hidden_text: str = ""
    """Text that is there and not seen: by style, font of no size, colour like the ground; bounded like the other."""
    is_cut: bool = False
    """There is more than was read."""
    problem: str = ""
    """Why it could not be read as a whole, in words."""


NOTHING = HtmlView()


def view_of(part: Part, max_bytes: int) -> HtmlView:
    """Read one part, ``max_bytes`` of its content at most; never raises."""
    from postward.mime.html.lxml_reader import read_html  # noqa: PLC0415 - lxml is loaded with the first HTML part

    return read_html(part, max_bytes)
