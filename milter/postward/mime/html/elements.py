# SPDX-License-Identifier: GPL-3.0-or-later
"""What elements lead to, fetch, and ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.mime.html.view import MAX_SHOWN_CHARACTERS, MAX_URL_CHARACTERS, HtmlLink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_LINKS = 1_000
_FRAMES = frozenset({"iframe", "frame", "object", "embed"})
_SOURCES = {
    "img": ("src", "lowsrc"), "iframe": ("src",), "frame": ("src",), "embed": ("src",), "object": ("data",),
    "script": ("src",), "link": ("href",), "video": ("src", "poster"), "audio": ("src",), "source": ("src",),
    "track": ("src",), "image": ("src", "href", "xlink:href"), "use": ("href", "xlink:href"),
}  # fmt: skip
"""Where elements name what a program may fetch."""
_HANDLERS = frozenset({
    "onabort", "onanimationend", "onanimationstart", "onauxclick", "onbeforeinput", "onbeforeprint", "onbeforeunload",
    "onbegin", "onblur", "oncanplay", "onchange", "onclick", "oncontextmenu", "oncopy", "oncut", "ondblclick", "ondrag",
    "ondragend", "ondragenter", "ondragleave", "ondragover", "ondragstart", "ondrop", "onend", "onerror", "onfocus",
    "onfocusin", "onfocusout", "onhashchange", "oninput", "oninvalid", "onkeydown", "onkeypress", "onkeyup", "onload",
    "onloadeddata", "onloadend", "onloadstart", "onmessage", "onmousedown", "onmouseenter", "onmouseleave",
    "onmousemove", "onmouseout", "onmouseover", "onmouseup", "onmousewheel", "onpagehide", "onpageshow", "onpaste",
    "onpointerdown", "onpointerenter", "onpointermove", "onpointerover", "onpointerup", "onpopstate",
    "onreadystatechange", "onrepeat", "onreset", "onresize", "onscroll", "onselect", "onstart", "onstorage", "onsubmit",
    "ontoggle", "ontouchend", "ontouchmove", "ontouchstart", "ontransitionend", "onunload", "onwheel",
})  # fmt: skip
"""Attributes that hold script (HTML Standard 8.1.8.2, SVG 2)."""
_CONTROLS = dict.fromkeys([*range(0x20), 0x7F])
_BLANKS = "".join(map(chr, range(0x21)))
_REFRESH = re.compile(r"[\s0-9.]*+[;,]?+\s*+(?:url\s*+=\s*+)?+[\"']?+([^\"']*+)", re.IGNORECASE)
_SCRIPTS = ("javascript:", "vbscript:")


def clean_url(value: str) -> str:
    """As readers take it: without white space around it and without control characters; of bounded length."""
    url = value[: 2 * MAX_URL_CHARACTERS].strip(_BLANKS)
    return (url if url.isprintable() else url.translate(_CONTROLS))[:MAX_URL_CHARACTERS]


class Elements:
    """What was found so far; ``READERS`` says which method reads which element."""

    def __init__(self) -> None:
        self.links: list[HtmlLink] = []
        self.has_more = False
        """There are more links than are kept."""
        self.base = ""
        self.refreshes_to = ""
        self.images = 0
        self.forms = 0
        self.password_fields = 0
        self.has_script = False
        self.has_frame = False

    def look_around(self, tag: str, attrib: Mapping[str, str], picture: str, is_hidden: bool) -> None:
        """What any element may have: handlers of events, and a picture behind it."""
        if not _HANDLERS.isdisjoint(attrib):
            self.has_script = True
        if picture:
            self.add(picture, tag, is_hidden=is_hidden)

    def add(self, value: str | None, tag: str, *, is_hidden: bool) -> str:
        """Take note of a link; its URL."""
        url = clean_url(value) if value else ""
        if not url:
            return ""
        if url[:11].lower().startswith(_SCRIPTS):
            self.has_script = True
        if len(self.links) < MAX_LINKS:
            self.links.append(HtmlLink(url=url, tag=tag, is_hidden=is_hidden))
        else:
            self.has_more = True
        return url

    def show(self, index: int, shown: str) -> None:
        """That is what the reader sees of a link."""
        if shown:
            link, shown = self.links[index], shown[:MAX_SHOWN_CHARACTERS].rstrip()
            self.links[index] = HtmlLink(url=link.url, tag=link.tag, shown=shown, is_hidden=link.is_hidden)

    def read_anchor(self, tag: str, attrib: Mapping[str, str], is_hidden: bool) -> None:
        """Something to click."""
        self.add(attrib.get("href") or attrib.get("xlink:href"), tag, is_hidden=is_hidden)

    def read_form(self, tag: str, attrib: Mapping[str, str], is_hidden: bool) -> None:
        """Where what the reader writes goes to."""
        if self.add(attrib.get("action"), tag, is_hidden=is_hidden):
            self.forms += 1

    def read_control(self, _: str, attrib: Mapping[str, str], is_hidden: bool) -> None:
        """A field or button; it may send the form elsewhere, or be a picture."""
        self.password_fields += attrib.get("type", "").strip().lower() == "password"
        self.add(attrib.get("formaction"), "form", is_hidden=is_hidden)
        self.add(attrib.get("src"), "img", is_hidden=is_hidden)

    def read_source(self, tag: str, attrib: Mapping[str, str], is_hidden: bool) -> None:
        """What a program fetches, or runs."""
        self.images += tag == "img"
        self.has_frame |= tag in _FRAMES
        # Shops describe orders to mail programs in JSON-LD; that is data, and no browser runs it.
        is_data = attrib.get("type", "").strip().lower().endswith("json")
        self.has_script |= tag == "script" and not is_data
        for name in _SOURCES[tag]:
            self.add(attrib.get(name), tag, is_hidden=is_hidden)

    def read_base(self, tag: str, attrib: Mapping[str, str], is_hidden: bool) -> None:
        """What other URLs are relative to."""
        self.base = self.base or self.add(attrib.get("href"), tag, is_hidden=is_hidden)

    def read_meta(self, tag: str, attrib: Mapping[str, str], is_hidden: bool) -> None:
        """Another page that comes by itself (HTML Standard 4.2.5.3)."""
        if attrib.get("http-equiv", "").strip().lower() != "refresh":
            return
        match = _REFRESH.match(attrib.get("content", "")[: 2 * MAX_URL_CHARACTERS])
        url = self.add(match[1] if match is not None else "", tag, is_hidden=is_hidden)
        self.refreshes_to = self.refreshes_to or url


READERS: dict[str, Callable[[Elements, str, Mapping[str, str], bool], None]] = {
    "a": Elements.read_anchor,
    "area": Elements.read_anchor,
    "form": Elements.read_form,
    "input": Elements.read_control,
    "button": Elements.read_control,
    "base": Elements.read_base,
    "meta": Elements.read_meta,
    **dict.fromkeys(_SOURCES, Elements.read_source),
}
