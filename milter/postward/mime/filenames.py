# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files as a reader may take them, and their extensions as a system that opens them does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_INVISIBLE = dict.fromkeys((
    *range(32), 127, *range(0x80, 0xA0), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC),
))  # fmt: skip
"""Controls, and what turns the direction of writing or takes no room (U+202E, U+200B ...)."""
_FOLDER = re.compile(r"[/\\]")
_STREAM = re.compile(r":[^:]*+\Z")
_FULL_STOPS = str.maketrans(dict.fromkeys("\uff0e\u3002\uff61\u2024", "."))
_MAX_NAME = 1_024
_MAX_EXTENSION = 32
_EXTENSIONS_SHOWN = 3


def extensions_of(names: Iterable[str]) -> tuple[str, ...]:
    """Extensions of all those names, lower case, each once, the last one of a name first.

    ``invoice.pdf.exe. `` has ``exe`` and ``pdf``: dots and blanks at its end are dropped by Windows.
    """
    found: dict[str, None] = {}
    for name in names:
        stem, *extensions = plain_name(name).split(".")
        # A name such as .htaccess is no extension, but a shell sees one.
        del stem
        for extension in reversed(extensions[-_EXTENSIONS_SHOWN:]):
            stripped = extension.strip().lower()
            if stripped and len(stripped) <= _MAX_EXTENSION:
                found.setdefault(stripped)
    return tuple(found)


def plain_name(name: str) -> str:
    """The name without folders, invisible characters, and the dots and blanks at its end."""
    name = name[-_MAX_NAME:].translate(_INVISIBLE).translate(_FULL_STOPS).rstrip(". \t\xa0")
    name = _FOLDER.split(name)[-1]
    # file.exe::$DATA and file.txt:x.exe name streams of files.
    return _STREAM.sub("", _STREAM.sub("", name)).rstrip(". \t\xa0") if name.endswith("$DATA") else name
