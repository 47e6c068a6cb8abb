# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that belong to people of the directory, and the addresses that they may write from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from postward.rules.conditions.attributes.header import from_addresses
from postward.rules.conditions.base import Finding, shown
from postward.rules.conditions.domain_test import folded_address
from postward.rules.conditions.leaf import Leaf
from postward.rules.conditions.value_condition import seen_values
from postward.rules.fold import fold_name
from postward.rules.needs import Need
from postward.rules.patterns.comparison import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postward.model.profile import Person
    from postward.rules.conditions.base import Subject
    from postward.rules.message.message import Message

_NEEDS = frozenset({Need.HEADERS, Need.DIRECTORY})
Fold = Callable[[str], str]
FOLDS: dict[str, Fold] = {"confusables": fold_name, "case": folded}


class PeopleByName:
    """People by their folded names; the work is done again only when the directory gives others."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self._known: tuple[tuple[Person, ...], Mapping[str, frozenset[str]]] = ((), {})

    def addresses(self, people: tuple[Person, ...]) -> Mapping[str, frozenset[str]]:
        """Give the addresses of all who bear a name, by that name."""
        known, by_name = self._known
        if known is not people:
            by_name = self._read(people)
            # One assignment, so that threads see the one pair or the other.
            self._known = (people, by_name)
        return by_name

    def _read(self, people: tuple[Person, ...]) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for person in people:
            name = self._fold(person.name)
            if name:
                addresses = frozenset(map(folded_address, person.addresses))
                found[name] = found.get(name, frozenset()) | addresses
        return found


class BorrowedNameCondition(Leaf):
    """An author bears the name of somebody in the directory."""

    needs = _NEEDS

    def __init__(self, fold_name: str) -> None:
        """``fold_name`` is one of ``FOLDS``."""
        self._fold = FOLDS[fold_name]
        self._people = PeopleByName(self._fold)

    def test(self, subject: Subject) -> Finding:
        """Compare."""
        names = _author_names(subject.message)
        by_name = self._people.addresses(subject.services.directory.people()) if names else {}
        found = next((name for name in names if self._fold(name) in by_name), None)
        return Finding(
            matched=found is not None,
            asked="from.display_name is a name of the directory",
            seen=shown(found) if found is not None else seen_values(names),
        )


class OwnAddressCondition(Leaf):
    """Every author's address is one that the person called so may write from.

    Where nobody of the directory is called so, it is one of anybody's.
    """

    needs = _NEEDS

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._people = PeopleByName(fold_name)

    def test(self, subject: Subject) -> Finding:
        """Look the addresses up."""
        message = subject.message
        addresses = from_addresses(message)
        by_name = self._people.addresses(subject.services.directory.people()) if addresses else {}
        named = [by_name[name] for name in map(fold_name, _author_names(message)) if name in by_name]
        known = frozenset().union(*(named or by_name.values()))
        found = bool(addresses) and known.issuperset(addresses)
        return Finding(
            matched=found is self._wanted,
            asked=f"from.address is {'' if self._wanted else 'not '}a personal address",
            seen=seen_values(addresses),
        )


def _author_names(message: Message) -> Sequence[str]:
    return [mailbox.name for mailbox in message.from_all if mailbox.name]
