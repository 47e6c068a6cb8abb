"""What a reader sees of HTML, by a scanner that looks at each character once (HTML Standard 13.2.5)."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?+([A-Za-z][^\s/>]*+)((?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|[=\"'])*+)>")
_OPENING = re.compile(r"/?[A-Za-z]")
_ENTITY = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9A-Fa-f]++;?|[A-Za-z][A-Za-z0-9]{0,31}+;?)")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=[\s\"']{0,9}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_META_BYTES = 1_024
_BLOCKS = frozenset({
    "address", "article", "aside", "audio", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "img", "input", "isindex", "legend", "li",
    "main", "menu", "nav", "object", "ol", "optgroup", "option", "p", "pre", "section", "select", "summary", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "video",
})  # fmt: skip
"""What these mark stands apart; every other mark may stand within a word."""
_NOT_SHOWN = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "noembed", "noframes", "iframe", "template")
}
_MAX_DIGITS = 8


def html_to_text(source: str, limit: int) -> str:
    """Text of the source, ``limit`` characters at most; marks that stand apart become line ends."""
    found: list[str] = []
    size = position = 0
    while size < limit and 0 <= position < len(source):
        start = source.find("<", position)
        text = source[position : start if start >= 0 else len(source)]
        text = decode_entities(text) if "&" in text else text
        position = start
        if start >= 0:
            position, mark = _behind_markup(source, start)
            text += mark
        if text:
            found.append(text)
            size += len(text)
    return "".join(found)[:limit]


def _behind_markup(source: str, start: int) -> tuple[int, str]:
    """Position behind the markup that begins there, and what stands for it; -1 where it never ends."""
    following = source[start + 1 : start + 4]
    if _OPENING.match(following) is None:
        if not following.startswith(("!", "?", "/")):
            return start + 1, "<"
        return _behind_comment(source, start, is_comment=following.startswith("!--")), ""
    tag = _TAG.match(source, start)
    if tag is None:
        return -1, ""
    name = tag[1].lower()
    end = _NOT_SHOWN.get(name)
    if end is not None and source[start + 1] != "/":
        closing = end.search(source, tag.end())
        return (closing.start() if closing is not None else -1), ""
    return tag.end(), "\n" if name in _BLOCKS else ""


def _behind_comment(source: str, start: int, *, is_comment: bool) -> int:
    if not is_comment:
        end = source.find(">", start)
        return end + 1 if end >= 0 else -1
    if source.startswith(("<!-->", "<!--->"), start):
        return source.index(">", start) + 1
    end = source.find("-->", start + 4)
    return end + 3 if end >= 0 else -1


def decode_entities(text: str) -> str:
    """Replace character references; a number of any length is read."""
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    reference = match[0]
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
