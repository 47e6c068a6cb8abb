# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of values: written in a rule, named, or in files of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from postward.errors import ConfigError
from postward.rules.compile.place import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.rules.compile.place import Faults, Place

MAX_LINES = 1_000_000
MAX_FILE_BYTES = 64 << 20
_MAX_LINE_CHARS = 1_024


@dataclass(frozen=True, slots=True)
class Value:
    """One value, and where it stands."""

    text: str
    path: str
    line: int
    key: str
    faults: Faults

    def fault(self, message: str, hint: str = "") -> None:
        """Note a fault of it."""
        self.faults.errors.append(ConfigError(self.path, self.line, self.key, message, hint))


@dataclass(frozen=True, slots=True)
class FileList:
    """Lines of a file; remembered as text, and where each stands."""

    path: str
    texts: tuple[str, ...]
    lines: Sequence[int]

    def values(self, key: str, faults: Faults) -> Iterator[Value]:
        """Give the values, for ``key``."""
        for text, line in zip(self.texts, self.lines, strict=True):
            yield Value(text, self.path, line, key, faults)


Values = FileList | tuple["Place", ...]


class ListReader:
    """Reads lists by name, and each file once."""

    def __init__(self) -> None:
        self._named: dict[str, Values] = {}
        self._files: dict[Path, FileList] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Of all lists."""
        return tuple(self._named)

    def file_texts(self) -> Iterator[str]:
        """What stands in the files that were read, in the order in which they were first named."""
        return ("\n".join(file.texts) for file in self._files.values())

    def define(self, places: Mapping[str, Place]) -> None:
        """Take the section ``lists`` of a file."""
        for name, place in places.items():
            with place.faults.collected():
                if name in self._named:
                    raise place.key_fault("there is a list of this name already", "keep one of the two")
                self._named[name] = ()
                self._named[name] = self._read(place)

    def values(self, place: Place) -> Iterator[Value]:
        """Give the values that stand at a place: one, several, ``{list: NAME}`` or ``{file: PATH}``."""
        if place.is_mapping:
            yield from _each(self._referred(place), place)
            return
        for item in place.item_or_items():
            if item.is_mapping:
                yield from _each(self._referred(item), place)
            else:
                with place.faults.collected():
                    yield Value(item.text(), item.path, item.line, item.key, item.faults)

    def by_name(self, place: Place) -> Iterator[Value]:
        """Give the values of the list that is named at a place."""
        yield from _each(self._of_name(place), place)

    def _referred(self, place: Place) -> Values:
        entries = place.mapping(("list", "file"))
        if len(entries) != 1:
            raise place.fault("must name one list", "write {list: NAME} or {file: PATH}")
        ((kind, at),) = entries.items()
        return self._of_name(at) if kind == "list" else self._file(at)

    def _of_name(self, place: Place) -> Values:
        name = place.text()
        if name not in self._named:
            hint = did_you_mean(name, self.names) if self._named else "write it below lists, at the top of a rule file"
            raise place.fault("there is no such list", hint)
        return self._named[name]

    def _read(self, place: Place) -> Values:
        if place.is_mapping:
            (at,) = place.mapping(("file",)).values() or (None,)
            if at is None:
                raise place.fault("names no file", "write {file: PATH}")
            return self._file(at)
        return tuple(place.items())

    def _file(self, place: Place) -> FileList:
        path = Path(place.path).parent / place.text()
        if path not in self._files:
            self._files[path] = _read_file(path, place)
        return self._files[path]


def _each(values: Values, place: Place) -> Iterator[Value]:
    if isinstance(values, FileList):
        yield from values.values(place.key, place.faults)
        return
    for item in values:
        with place.faults.collected():
            yield Value(item.text(), item.path, item.line, item.key, item.faults)


def _read_file(path: Path, place: Place) -> FileList:
    try:
        with path.open("rb") as file:
            octets = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or "no such name"
        hint = f"looked for {path}; the path goes from the folder of the rule file"
        raise place.fault(f"the file cannot be read: {why}", hint) from None
    if len(octets) > MAX_FILE_BYTES:
        raise place.fault(f"the file is longer than {MAX_FILE_BYTES} bytes")
    try:
        lines = octets.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        place.faults.errors.append(ConfigError(str(path), line, place.key, "is not UTF-8", "save the file as UTF-8"))
        return FileList(str(path), (), ())
    if len(lines) > MAX_LINES + 1:
        raise place.fault(f"the file has more than {MAX_LINES} lines")
    return _listed(str(path), lines, place)


def _listed(path: str, lines: list[str], place: Place) -> FileList:
    texts, numbers = [], []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if len(text) > _MAX_LINE_CHARS:
            place.faults.errors.append(
                ConfigError(path, number, place.key, f"is longer than {_MAX_LINE_CHARS} characters")
            )
            continue
        texts.append(text)
        numbers.append(number)
        if place.faults.is_full:
            break
    return FileList(path, tuple(texts), numbers)
