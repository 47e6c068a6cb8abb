# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader sees of HTML, by a scanner that looks at each character once (HTML Standard 13.2.5)."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import chain, zip_longest

# Comment, mark with content that is not shown, any other mark, declaration or rubbish.  Each takes all that is left
# where it has no end, as the standard says, so nothing is read twice.  The fast forms keep a note of each step, so they
# are bounded; beyond that slow ones go on, and of attributes the next bracket ends them.
_ATTRIBUTES = r"""(?>(?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))|[="']){0,2000})[^>]*+"""
_MARKUP = re.compile(
    rf"""<!--(?:-?>|(?>(?:[^-]++|-(?!-!?>)){{0,5000}})[\s\S]*?(?:--!?>|\Z))
    |<(script|style|title|noembed|noframes|iframe|template)(?=[\s/>]){_ATTRIBUTES}
        (?:>(?>(?:[^<]++|<(?!/\1[\s/>])){{0,5000}})[\s\S]*?(?=</\1[\s/>]|\Z)|\Z)
    |</?+([a-z][^\s/>]*+){_ATTRIBUTES}(?:>|\Z)
    |<[!?/][^>]*+(?:>|\Z)""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_CHUNK = 20_000
"""Marks that are taken at once."""
_ENTITY = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9A-Fa-f]++;?|[A-Za-z][A-Za-z0-9]{0,31}+;?)")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=[\s\"']{0,9}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_META_BYTES = 1_024
BLOCKS = frozenset({
    "address", "article", "aside", "audio", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "img", "input", "isindex", "legend", "li",
    "main", "menu", "nav", "object", "ol", "optgroup", "option", "p", "pre", "section", "select", "summary", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "video",
})  # fmt: skip
"""What these mark stands apart; every other mark may stand within a word."""
_MAX_DIGITS = 8
_MAX_SHORT = 12


def html_to_text(source: str, limit: int) -> str:
    """Text of the source, ``limit`` characters at most; marks that stand apart become line ends."""
    found: list[str] = []
    size, rest = 0, source
    while rest and size < limit:
        pieces = _MARKUP.split(rest, _CHUNK)
        # Text, twice what a mark is called, text ...; what is left comes last.
        texts, names = pieces[::3], pieces[2::3]
        rest = texts.pop() if len(names) == _CHUNK else ""
        marks = ["\n" if name and name.lower() in BLOCKS else "" for name in names]
        text = "".join(chain.from_iterable(zip_longest(texts, marks, fillvalue="")))
        found.append(decode_entities(text) if "&" in text else text)
        size += len(found[-1])
    return "".join(found)[:limit]


def decode_entities(text: str) -> str:
    """Replace character references; a number of any length is read."""
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    reference = match[0]
    return _short_reference(reference) if len(reference) <= _MAX_SHORT else _reference(reference)


@lru_cache(maxsize=1_024)
def _short_reference(reference: str) -> str:
    return _reference(reference)


def _reference(reference: str) -> str:
    if reference[1] != "#":
        return html.unescape(reference)
    is_hex = reference[2] in "xX"
    digits = reference[3 if is_hex else 2 :].rstrip(";").lstrip("0") or "0"
    if len(digits) > _MAX_DIGITS:
        return "\ufffd"
    return html.unescape(f"&#{'x' if is_hex else ''}{digits};")


def charset_of_html(octets: bytes) -> str:
    """The charset that the document names in its first 1,024 octets; "" where it names none."""
    match = _META.search(octets, 0, _META_BYTES)
    return match[1].decode("ascii") if match is not None else ""
