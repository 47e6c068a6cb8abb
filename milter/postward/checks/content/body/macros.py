# SPDX-License-Identifier: GPL-3.0-or-later
"""Office documents with macros, which run when the reader agrees (MS-OVBA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.files import last_extensions, packed_in
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_WITH_MACROS = frozenset({"docm", "xlsm", "pptm", "vsdm"})
_WITHOUT_MACROS = frozenset({"docx", "dotx", "xlsx", "xltx", "pptx", "potx", "ppsx"})
_OLE = frozenset({"doc", "xls", "ppt", "ole"})
_VBA_PROJECT = "_VBA_PROJECT".encode("utf-16-le")
"""Name of a stream in the directory of a compound file."""
_MACROS = SymbolDefinition(
    name="FILE_MACROS", score=0.3, group="attachments", meaning="an attached document has macros"
)
_HIDDEN = SymbolDefinition(
    name="FILE_MACROS_HIDDEN",
    score=0.5,
    group="attachments",
    meaning="an attached document has macros, which documents of that name do not have",
)


def _find(letter: Letter) -> Iterator[Finding]:
    found = [file for file in letter.files if _has_macros(file)]
    if found:
        yield Finding(_MACROS.name, found[0].filename[:200])
    if any(last_extensions(file.filenames) & _WITHOUT_MACROS for file in found):
        yield Finding(_HIDDEN.name)


def _has_macros(file: Part) -> bool:
    kind = file.true_type
    if kind in _OLE:
        return _VBA_PROJECT in file.decoded()
    return kind in _WITH_MACROS or any(member.true_type in _WITH_MACROS for member in packed_in(file))


CHECK = ContentCheck(name="macros", symbols=(_MACROS, _HIDDEN), find=_find)
