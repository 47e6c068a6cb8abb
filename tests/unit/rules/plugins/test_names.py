# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.model.profile import Person
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.plugins.names import MAX_PEOPLE, NameIndex

BOSS = Person(name="Bob Boss", addresses=frozenset({"bob@example.org"}))


def test_names_are_found_however_they_are_written() -> None:
    index, directory = NameIndex(), StaticDirectory(people=[BOSS])
    for name in ("Bob Boss", "BOSS, Bob", "Bоb Bоss", '"Bob  Boss"', "Bob Boss (CEO)"):
        assert index.find(directory, name) == (BOSS,)
    for name in ("", "Bob", "!!", "Bob Bossy"):
        assert index.find(directory, name) == ()


def test_new_people_are_found_when_the_directory_has_them() -> None:
    index = NameIndex()
    assert index.find(StaticDirectory(), "Bob Boss") == ()
    assert index.find(StaticDirectory(people=[BOSS]), "Bob Boss") == (BOSS,)
    assert index.find(StaticDirectory(), "Bob Boss") == ()


def test_only_so_many_have_one_name() -> None:
    people = [Person(name="Jo Doe", addresses=frozenset({f"jo{number}@example.org"})) for number in range(200)]
    assert len(NameIndex().find(StaticDirectory(people=people), "jo doe")) == MAX_PEOPLE
