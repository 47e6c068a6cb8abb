# SPDX-License-Identifier: GPL-3.0-or-later
"""Web pages and drawings as attachments: a page of a phisher that needs no server, or what unpacks a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.files import last_extensions, packed_in
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_PAGES = frozenset({"html", "htm", "shtml", "xhtml", "xht", "mht", "mhtml", "svg", "svgz"})
_TYPES = frozenset({"html", "svg"})
_LOOKED_AT_BYTES = 524_288
_FEW_FILES = 3
_FORMS = (b"<form", b"type=password", b'type="password', b"type='password")
_SCRIPTS = (b"<script", b"javascript:", b"onload=", b"onerror=", b"onclick=")
_UNPACKING = (
    b"atob(", b"createobjecturl", b"mssaveoropenblob", b"unescape(", b"fromcharcode", b"document.write(", b"eval(",
    b".location=", b".location =", b"location.href", b"location.replace", b"location.assign", b"http-equiv=refresh",
    b'http-equiv="refresh', b"http-equiv='refresh",
)  # fmt: skip
_PAGE = SymbolDefinition(
    name="FILE_WEB_PAGE", score=0.3, group="attachments", meaning="a web page or a drawing made of markup is attached"
)
_ACTIVE = SymbolDefinition(
    name="FILE_WEB_PAGE_ACTIVE",
    score=0.5,
    group="attachments",
    meaning="an attached web page or drawing holds a form or a script",
)
_LEADING = SymbolDefinition(
    name="FILE_WEB_PAGE_UNPACKS",
    score=0.5,
    group="attachments",
    meaning="an attached web page or drawing unpacks something, or leads elsewhere by itself",
)


def _find(letter: Letter) -> Iterator[Finding]:
    files = letter.files
    pages = list(filter(_is_page, files))
    packed = "" if pages else next(filter(None, map(_packed_page, files)), "")
    if pages or packed:
        yield Finding(_PAGE.name, packed or pages[0].filename[:200])
    contents = [_marks(page) for page in pages]
    if _has_any(contents, _FORMS) or _has_any(contents, _SCRIPTS):
        yield Finding(_ACTIVE.name)
    if _has_any(contents, _UNPACKING):
        yield Finding(_LEADING.name)


def _marks(page: Part) -> bytes:
    """The content in lower case, in which ASCII can be found in UTF-16 as well."""
    return page.decoded(_LOOKED_AT_BYTES).replace(b"\0", b"").lower()


def _has_any(contents: list[bytes], marks: tuple[bytes, ...]) -> bool:
    return any(mark in content for content in contents for mark in marks)


def _is_page(file: Part) -> bool:
    if not file.is_attachment:
        return False
    extensions = last_extensions(file.filenames)
    # Honest programs write tables as HTML and call them after other programs.
    return bool(extensions & _PAGES) or (
        file.true_type in _TYPES and (not extensions or file.content_type == "text/html")
    )


def _packed_page(file: Part) -> str:
    members = packed_in(file)
    if len(members) > _FEW_FILES:
        return ""
    return next((member.path[:200] for member in members if _PAGES.intersection(member.extensions[:1])), "")


CHECK = ContentCheck(name="web_page_file", symbols=(_PAGE, _ACTIVE, _LEADING), find=_find)
