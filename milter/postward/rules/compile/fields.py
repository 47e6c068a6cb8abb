# SPDX-License-Identifier: GPL-3.0-or-later
"""A mapping that is read key by key, so that one fault does not hide another."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from postward.rules.compile.place import Faulty

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from postward.rules.compile.place import Place

_T = TypeVar("_T")
_D = TypeVar("_D")


class Fields:
    """Raises Faulty for what is no mapping, or has none of the ``known`` keys but others."""

    def __init__(self, place: Place, known: Collection[str]) -> None:
        self._place = place
        self._entries = place.mapping(known)
        self._is_faulty = False

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __getitem__(self, name: str) -> Place:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def read(self, name: str, read: Callable[[Place], _T], usual: _D) -> _T | _D:
        """Read a key; ``usual`` where it is not there, and for the time being where it is faulty."""
        if name not in self._entries:
            return usual
        with self._place.faults.collected():
            return read(self._entries[name])
        self._is_faulty = True
        return usual

    def missing(self, name: str, hint: str = "") -> None:
        """Note that a key must be there, where it is not."""
        if name not in self._entries:
            self._is_faulty = True
            self._place.fault(f"has no {name}", hint)

    def finish(self) -> None:
        """Raise Faulty where anything was wrong: before what was read is made use of."""
        if self._is_faulty:
            raise Faulty
