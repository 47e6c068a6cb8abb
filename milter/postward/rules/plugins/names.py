# SPDX-License-Identifier: GPL-3.0-or-later
"""People by their names, as they look to somebody who reads quickly."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from postward.rules.fold import fold_name

if TYPE_CHECKING:
    from postward.model.profile import Person
    from postward.rules.services import RuleDirectory

MAX_PEOPLE = 50
"""Of one name."""


class NameIndex:
    """Safe from every thread; made anew when the directory's people are others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._people: tuple[Person, ...] = ()
        self._by_name: dict[str, list[Person]] = {}

    def find(self, directory: RuleDirectory, name: str) -> tuple[Person, ...]:
        """All people whose name looks like this one; raises DirectoryUnavailable."""
        people = directory.people()
        key = fold_name(name)
        with self._lock:
            if people is not self._people:
                self._index(people)
            return tuple(self._by_name.get(key, ())[:MAX_PEOPLE]) if key else ()

    def _index(self, people: tuple[Person, ...]) -> None:
        self._by_name = {}
        for person in people:
            self._by_name.setdefault(fold_name(person.name), []).append(person)
        self._people = people
