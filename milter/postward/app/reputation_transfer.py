# SPDX-License-Identifier: GPL-3.0-or-later
"""The reputation store in a file, and from one: a JSON object a line, which anybody can read and nobody need trust."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from postward.errors import UsageError
from postward.store.reputation.saved import Saved, SavedCorrespondence, fields_of, read_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

HEAD = {"format": "postward-reputation", "version": 1}
MAX_LINE_BYTES = 65_536
_AT_ONCE = 500
_MAX_FAULTS = 20

Entry = Saved | SavedCorrespondence


@dataclass(slots=True)
class Imported:
    """What came of a file."""

    read: int = 0
    """Entries that made sense, and were put back in place of what was there."""
    kept: int = 0
    """Those of them that are not forgotten by now."""
    faulty: int = 0
    """Lines that make no sense, and were passed over."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with the first of them."""

    def note(self, number: int, words: str) -> None:
        """Count a line that makes no sense."""
        self.faulty += 1
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(f"line {number}: {words}")


def written_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Give the lines of a file, the head first."""
    yield _line(HEAD)
    for entry in entries:
        yield _line(fields_of(entry))


def import_lines(
    file: BinaryIO,
    restore: Callable[[Sequence[Entry]], int],
    progress: Callable[[int], object] = lambda _octets: None,
) -> Imported:
    """Put back all of a file that makes sense; ``progress`` gets the octets of each line.

    ``restore`` puts some entries back, and says how many are not forgotten by now.  Raises UsageError for what is no
    such file, and what ``restore`` raises where Redis does not answer: to import the same file again does no harm.
    """
    imported = Imported()
    some: list[Entry] = []
    _check_head(file.readline(MAX_LINE_BYTES))
    for number, line in enumerate(_lines(file, progress), 2):
        if not line.strip():
            continue
        try:
            some.append(_entry(line))
        except ValueError as error:
            imported.note(number, str(error))
        if len(some) >= _AT_ONCE:
            _put(some, restore, imported)
            some = []
    _put(some, restore, imported)
    return imported


def _put(some: Sequence[Entry], restore: Callable[[Sequence[Entry]], int], imported: Imported) -> None:
    if some:
        imported.kept += restore(some)
        imported.read += len(some)


def _lines(file: BinaryIO, progress: Callable[[int], object]) -> Iterator[bytes]:
    """Give the lines; of one that is too long, one octet more than is read, and the rest is passed over."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        progress(len(line))
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)
            progress(len(rest))
        yield line


def _entry(line: bytes) -> Entry:
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"is longer than {MAX_LINE_BYTES} octets")
    return read_fields(_decoded(line))


def _check_head(line: bytes) -> None:
    try:
        head = _decoded(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("format") != HEAD["format"]:
        raise UsageError("this is no file that postward reputation export has written")
    if head.get("version") != HEAD["version"]:
        raise UsageError(f"the file is of a version that is not known here; known is {HEAD['version']}")


def _decoded(line: bytes) -> Any:
    """Read JSON; raises ValueError for what is none, and for what is nested so deep that nobody meant it."""
    try:
        return json.loads(line)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    except ValueError:
        raise ValueError("is no JSON") from None


def _line(fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"
