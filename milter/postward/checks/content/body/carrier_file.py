# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that carry others past the warnings of a system, or start what is elsewhere: disk images and shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.files import last_extensions, packed_in
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_IMAGE_TYPES = frozenset({"iso", "vhd", "vhdx", "dmg"})
_IMAGE_EXTENSIONS = frozenset({"daa", "dmg", "img", "iso", "udf", "vhd", "vhdx", "wim"})
_SHORTCUT_TYPES = frozenset({"lnk", "one"})
_SHORTCUT_EXTENSIONS = frozenset({
    "desktop", "diagcab", "iqy", "library-ms", "lnk", "one", "rdp", "scf", "search-ms", "searchconnector-ms",
    "settingcontent-ms", "slk", "theme", "url", "website", "xll",
})  # fmt: skip
_OLD_ARCHIVES = frozenset({"ace", "arj", "cab", "lzh"})
_OLD_EXTENSIONS = frozenset({"ace", "arj", "cab", "lha", "lzh", "r00", "uue", "xxe", "z"})
_IMAGE = SymbolDefinition(name="FILE_DISK_IMAGE", score=0.5, group="attachments", meaning="a disk image is attached")
_SHORTCUT = SymbolDefinition(
    name="FILE_SHORTCUT",
    score=0.5,
    group="attachments",
    meaning="a shortcut is attached, or another file that starts what is elsewhere",
)
_OLD = SymbolDefinition(
    name="FILE_RARE_ARCHIVE",
    score=0.3,
    group="attachments",
    meaning="an archive of a kind that hardly anybody uses is attached",
)
_SYMBOLS = (
    (_IMAGE, _IMAGE_TYPES, _IMAGE_EXTENSIONS),
    (_SHORTCUT, _SHORTCUT_TYPES, _SHORTCUT_EXTENSIONS),
    (_OLD, _OLD_ARCHIVES, _OLD_EXTENSIONS),
)


def _find(letter: Letter) -> Iterator[Finding]:
    types: dict[str, str] = {}
    extensions: dict[str, str] = {}
    files = letter.files
    for file in files:
        types.setdefault(file.true_type, file.filename)
        extensions.update(dict.fromkeys(last_extensions(file.filenames), file.filename))
        for member in packed_in(file):
            types.setdefault(member.true_type, member.path)
            extensions.update(dict.fromkeys(member.extensions[:1], member.path))
    for symbol, kinds, endings in _SYMBOLS if files else ():
        names = [types[kind] for kind in kinds & types.keys()] or [
            extensions[end] for end in endings & extensions.keys()
        ]
        if names:
            yield Finding(symbol.name, names[0][:200])


CHECK = ContentCheck(name="carrier_file", symbols=(_IMAGE, _SHORTCUT, _OLD), find=_find)
