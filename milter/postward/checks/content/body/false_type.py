# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are not what their names or types say: a program that is called a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.files import PROGRAM_TYPES, last_extensions
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_SEEN = frozenset(
    {"pdf", "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "mp3", "wav", "mp4", "avi"}
)
"""What is looked at, listened to or read only, and never mistaken for something else by honest programs."""
_WRITTEN = frozenset({"doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf", "odt", "ods", "txt", "csv", "eml", "ics"})
"""Honest programs call HTML, archives and text so; programs they do not."""
_SEEN_TYPES = ("image/", "audio/", "video/")
_ACTIVE = PROGRAM_TYPES | {"lnk", "iso", "vhd", "vhdx", "one"}
_NOT_SEEN = _ACTIVE | {"html", "script", "zip", "rar", "7z", "cab", "ole", "docm", "xlsm", "rtf"}
_FALSE = SymbolDefinition(
    name="FILE_FALSE_TYPE",
    score=0.5,
    group="attachments",
    meaning="an attachment is not what its name or type says",
)


def _find(letter: Letter) -> Iterator[Finding]:
    liar = next(filter(_is_false, letter.files), None)
    if liar is not None:
        yield Finding(_FALSE.name, f"{(liar.filename or liar.content_type)[:150]} is {liar.true_type}")


def _is_false(file: Part) -> bool:
    kind = file.true_type
    if kind not in _NOT_SEEN:
        return False
    extensions = last_extensions(file.filenames)
    if extensions & _SEEN or (not extensions and file.content_type.startswith(_SEEN_TYPES)):
        return True
    return kind in _ACTIVE and (bool(extensions & _WRITTEN) or file.content_type.startswith(_SEEN_TYPES))


CHECK = ContentCheck(name="false_type", symbols=(_FALSE,), find=_find)
