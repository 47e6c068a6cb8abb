# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a message, and those in its archives, as the checks of attachments look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.mime.filenames import extensions_of
from postward.mime.flags import ARCHIVE_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.mime.archive import Member
    from postward.mime.part import Part

PROGRAM_TYPES = frozenset({"exe", "dll", "msi", "elf", "macho", "jar", "class", "apk", "chm"})
"""What runs, by content."""
PROGRAM_EXTENSIONS = frozenset({
    "apk", "appinstaller", "appx", "bat", "chm", "cmd", "cpl", "dll", "exe", "hta", "jar",
    "jnlp", "js", "jse", "msc", "msi", "msix", "msp", "pif", "ps1", "scr", "sct", "vb", "vbe", "vbs", "wsc", "wsf",
    "wsh", "xll",
})  # fmt: skip
"""What a system runs when it is opened.  Not "com": files are called after domains and addresses."""
DOCUMENT_EXTENSIONS = frozenset({
    "pdf", "doc", "docx", "rtf", "odt", "xls", "xlsx", "csv", "ods", "ppt", "pptx", "txt", "jpg", "jpeg", "png", "gif",
    "bmp", "tif", "tiff", "webp", "heic", "mp3", "wav", "mp4", "avi", "mov", "eml", "msg",
})  # fmt: skip
_ARCHIVES = frozenset({"zip", "tar", "gzip", "bzip2", "xz"})


def packed_in(file: Part) -> tuple[Member, ...]:
    """Files in an archive, and in archives in it; none of a document, which is an archive only by its form."""
    return file.archive(ARCHIVE_DEPTH).members if file.true_type in _ARCHIVES else ()


def last_extensions(names: Iterable[str]) -> frozenset[str]:
    """The extension of each name by which a system chooses what opens it; lower case."""
    return frozenset(extension for name in names for extension in extensions_of((name,))[:1])
