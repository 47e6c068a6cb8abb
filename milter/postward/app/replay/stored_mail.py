# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of a maildir, an mbox, a folder of files or a single file, one after the other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from postward.app.replay.mbox import TooLarge, messages_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_DEPTH = 20
_FROM = b"From "


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """One message, or one that could not be read."""

    name: str
    """The file, and for an mbox the number of the message behind it."""
    content: bytes = b""
    problem: str = ""
    """Why it could not be read, in words."""
    position: int = 0
    """Bytes of an mbox that have been read by now; 0 for a file of its own."""


def stored_mail(path: Path, *, max_bytes: int) -> Iterator[StoredMail]:
    """Give the messages under a path; raises OSError where that itself cannot be read.

    Of a maildir those in ``cur`` and ``new``, also of its folders; of any other folder every file in it; a file that
    begins as an mbox is one.  Only one message is in memory at a time, and one of more than ``max_bytes`` never.
    Symbolic links below the path are not followed.
    """
    if not path.is_dir():
        yield from _of_file(path, max_bytes, follows=True)
        return
    for file in mail_files(path):
        try:
            yield from _of_file(file, max_bytes, follows=False)
        except OSError as error:
            yield StoredMail(name=str(file), problem=error.strerror or type(error).__name__)


def mail_files(folder: Path) -> Iterator[Path]:
    """Give the files that may hold messages; raises OSError where the folder itself cannot be read."""
    with os.scandir(folder) as entries:
        is_maildir = any(entry.name in {"cur", "new"} and entry.is_dir(follow_symlinks=False) for entry in entries)
    yield from _below(folder, is_maildir=is_maildir, depth=0)


def _below(folder: Path, *, is_maildir: bool, depth: int) -> Iterator[Path]:
    """Of a maildir only what lies in ``cur`` and ``new`` is mail."""
    holds_mail = not is_maildir or folder.name in {"cur", "new"}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH and entry.name != "tmp":
                    yield from _readable(Path(entry.path), is_maildir=is_maildir, depth=depth + 1)
            elif holds_mail and not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _readable(folder: Path, *, is_maildir: bool, depth: int) -> Iterator[Path]:
    try:
        yield from _below(folder, is_maildir=is_maildir, depth=depth)
    except PermissionError:
        # It is told as one that cannot be read when somebody opens it.
        yield folder


def _of_file(path: Path, max_bytes: int, *, follows: bool) -> Iterator[StoredMail]:
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follows else os.O_NOFOLLOW)
    with os.fdopen(os.open(path, flags), "rb") as file:
        head = file.read(len(_FROM))
        file.seek(0)
        if head == _FROM:
            yield from _of_mbox(path, file, max_bytes)
            return
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        yield StoredMail(name=str(path), problem=f"larger than {max_bytes} bytes")
    else:
        yield StoredMail(name=str(path), content=content)


def _of_mbox(path: Path, file: BinaryIO, max_bytes: int) -> Iterator[StoredMail]:
    for number, message in enumerate(messages_of(file, max_bytes=max_bytes), start=1):
        name = f"{path}:{number}"
        if isinstance(message, TooLarge):
            yield StoredMail(name=name, problem=f"larger than {max_bytes} bytes", position=file.tell())
        else:
            yield StoredMail(name=name, content=message, position=file.tell())
