# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs as attachments, by content and by name, bare or packed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.files import (
    PROGRAM_EXTENSIONS,
    PROGRAM_TYPES,
    last_extensions,
    packed_in,
)
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.archive import Member
    from postward.mime.part import Part

_FEW_FILES = 3
"""In an archive of more, scripts are part of somebody's work."""
_ATTACHED = SymbolDefinition(name="FILE_PROGRAM", score=0.5, group="attachments", meaning="a program is attached to it")
_PACKED = SymbolDefinition(
    name="FILE_PROGRAM_PACKED", score=0.5, group="attachments", meaning="a program is in an attached archive"
)


def _find(letter: Letter) -> Iterator[Finding]:
    files = letter.files
    attached = next(filter(_is_program, files), None)
    if attached is not None:
        yield Finding(_ATTACHED.name, attached.filename[:200] or attached.true_type)
    packed = next((member for file in files for member in _programs_in(file)), None)
    if packed is not None:
        yield Finding(_PACKED.name, packed.path[:200])


def _is_program(file: Part) -> bool:
    return file.true_type in PROGRAM_TYPES or not PROGRAM_EXTENSIONS.isdisjoint(last_extensions(file.filenames))


def _programs_in(file: Part) -> Iterator[Member]:
    members = packed_in(file)
    is_small = len(members) <= _FEW_FILES
    for member in members:
        if member.true_type in PROGRAM_TYPES or (is_small and PROGRAM_EXTENSIONS.intersection(member.extensions[:1])):
            yield member


CHECK = ContentCheck(name="attached_program", symbols=(_ATTACHED, _PACKED), find=_find)
