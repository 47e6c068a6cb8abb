# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files that look like those of documents, and are not (invoice.pdf.exe, or written from right to left)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.body.files import DOCUMENT_EXTENSIONS, PROGRAM_EXTENSIONS, packed_in
from postward.checks.content.content_check import ContentCheck
from postward.mime.filenames import extensions_of
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_OPENED = PROGRAM_EXTENSIONS | {"com", "html", "htm", "shtml", "svg", "lnk", "url", "iso", "img", "vhd", "one"}
# Overrides; marks and embeddings stand in honest names of Arabic and Hebrew.
_TURNED = re.compile("[\u202d\u202e]")
_PUSHED_OUT = re.compile(r"\s{10,100}\.[A-Za-z0-9]{1,20}\s{0,9}\Z")
_MAX_NAMES = 1_000
_MAX_NAME = 500
_DOUBLE = SymbolDefinition(
    name="FILE_DOUBLE_EXTENSION",
    score=0.5,
    group="attachments",
    meaning="the name of an attachment looks like that of a document and is not",
)
_DISGUISED = SymbolDefinition(
    name="FILE_NAME_DISGUISED",
    score=0.5,
    group="attachments",
    meaning="characters in the name of an attachment hide how it ends",
)


def _find(letter: Letter) -> Iterator[Finding]:
    names = list(_names(letter))
    double = next(filter(_is_double, names), "")
    if double:
        yield Finding(_DOUBLE.name, double[:200])
    disguised = next((name for name in names if _TURNED.search(name) or _PUSHED_OUT.search(name)), "")
    if disguised:
        yield Finding(_DISGUISED.name, disguised[:200])


def _names(letter: Letter) -> Iterator[str]:
    for file in letter.files:
        yield from file.filenames
        yield from (member.name[-_MAX_NAME:] for member in packed_in(file)[:_MAX_NAMES])


def _is_double(name: str) -> bool:
    if name.count(".") < 2:  # noqa: PLR2004 - two extensions
        return False
    last, *others = extensions_of((name,)) or ("",)
    return last in _OPENED and bool(others) and others[0] in DOCUMENT_EXTENSIONS


CHECK = ContentCheck(name="disguised_name", symbols=(_DOUBLE, _DISGUISED), find=_find)
