# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.directory.directory import Directory
from postward.directory.entry import DomainEntry
from postward.directory.source import UnusableAnswer
from postward.directory.table import DomainRecord, Table
from postward.directory.table_profiles import PersonRecord
from postward.model.profile import Person, Profile


def record(name="example.com", **others):
    return DomainRecord(entry=DomainEntry(name=name, tenant=name), **others)


def profile(address, *records):
    return Directory([Table(records)]).profile(address)


def test_what_a_file_says_of_a_person():
    alice = PersonRecord(
        name="Alice Example",
        groups=frozenset({"staff"}),
        attributes={"department": "sales"},
        manager="bob",
        other_addresses=frozenset({"alice@elsewhere.example", "a.example"}),
    )
    assert profile("Alice+tag@Example.COM", record(people={"alice": alice})) == Profile(
        address="alice@example.com",
        name="Alice Example",
        groups=frozenset({"staff"}),
        attributes={"department": "sales"},
        manager="bob@example.com",
        other_addresses=frozenset({"alice@elsewhere.example", "a.example@example.com"}),
    )


def test_a_member_has_the_group_by_its_name_and_by_its_address():
    groups = {"staff": ("alice", "second", "carol@example.org"), "second": ("bob",)}
    both = {"staff", "staff@example.com"}
    second = {"second", "second@example.com"}
    files = record(recipients=frozenset({"alice", "dave"}), groups=groups), record("example.org")
    assert profile("alice@example.com", *files).groups == both
    assert profile("carol@example.org", *files).groups == both
    assert profile("bob@example.com", *files).groups == both | second
    assert profile("second@example.com", *files).groups == both
    assert profile("staff@example.com", *files).groups == frozenset()
    assert profile("dave@example.com", *files).groups == frozenset()


def test_members_elsewhere_have_their_groups_too():
    files = record(groups={"partners": ("bob@partner.example",)})
    assert profile("bob+x@partner.example", files).groups == {"partners", "partners@example.com"}
    assert profile("eve@partner.example", files) is None


def test_who_is_behind_an_alias_within_a_group_is_in_the_group():
    files = record(groups={"staff": ("sales",)}, aliases={"sales": ("alice",)})
    assert profile("alice@example.com", files).groups == {"staff", "staff@example.com"}


def test_a_group_that_a_person_names_counts_by_its_address_with_those_it_is_in():
    files = record(
        groups={"staff": ("sales",), "sales": ("bob",)},
        people={"alice": PersonRecord(groups=frozenset({"sales", "vip"}))},
    )
    expected = {"vip", "sales", "sales@example.com", "staff", "staff@example.com"}
    assert profile("alice@example.com", files).groups == expected


@pytest.mark.parametrize(
    ("name", "kind"), [("alice", "user"), ("sales", "alias"), ("staff", "group"), ("hall", "room"), ("info", "shared")]
)
def test_kinds(name, kind):
    files = record(
        recipients=frozenset({"alice"}),
        aliases={"sales": ("alice",), "info": ("alice",)},
        groups={"staff": ("alice",)},
        people={"hall": PersonRecord(kind="room"), "info": PersonRecord(kind="shared")},
    )
    assert profile(f"{name}@example.com", files).kind == kind


@pytest.mark.parametrize("address", ["nobody@example.com", "alice@example.net", "", "@", "alice", "\udcff@example.com"])
def test_of_others_nothing_is_known(address):
    assert profile(address, record(recipients=frozenset({"alice", "*"}))) is None


def test_an_address_with_a_tag_of_its_own_is_found_where_the_one_without_is_not():
    files = record(recipients=frozenset({"literal+tag"}))
    assert profile("literal+tag@example.com", files).address == "literal+tag@example.com"
    assert profile("literal+other@example.com", files) is None


def test_people_are_all_who_have_a_name_with_the_addresses_that_are_theirs():
    files = record(
        recipients=frozenset({"dave"}),
        aliases={"a.example": ("alice",), "all": ("alice", "bob")},
        people={
            "alice": PersonRecord(name="Alice Example", other_addresses=frozenset({"alice@elsewhere.example"})),
            "bob": PersonRecord(name="Bob"),
            "carol": PersonRecord(groups=frozenset({"staff"})),
        },
    )
    assert set(Directory([Table([files])]).people()) == {
        Person(
            name="Alice Example",
            addresses=frozenset({"alice@example.com", "a.example@example.com", "alice@elsewhere.example"}),
        ),
        Person(name="Bob", addresses=frozenset({"bob@example.com"})),
    }


def test_namesakes_have_the_same_right_to_their_name():
    files = record(people={"a": PersonRecord(name="Kim Lee"), "b": PersonRecord(name="KIM LEE")})
    (person,) = Directory([Table([files])]).people()
    assert person.addresses == {"a@example.com", "b@example.com"}


def test_too_many_people_are_refused():
    people = {f"u{number}": PersonRecord(name=f"User {number}") for number in range(10_001)}
    with pytest.raises(UnusableAnswer, match="more than 10000 people"):
        Table([record(people=people)])


def test_what_is_in_memory_is_recalled_at_once():
    directory = Directory([Table([record(people={"alice": PersonRecord(name="Alice")})])])
    assert directory.recall_profile("alice+x@example.com").name == "Alice"
    assert directory.recall_profile("alice@elsewhere.example") is None
    assert [person.name for person in directory.recall_people()] == ["Alice"]


def test_several_files_sources_say_together_what_they_know():
    one = Table([record(people={"alice": PersonRecord(name="Alice", groups=frozenset({"a"}), attributes={"x": "1"})})])
    other = Table(
        [
            record(
                people={
                    "alice": PersonRecord(
                        name="Other", kind="room", groups=frozenset({"b"}), attributes={"x": "2", "y": "3"}, manager="m"
                    ),
                    "bob": PersonRecord(name="ALICE"),
                }
            )
        ]
    )
    directory = Directory([one, other])
    assert directory.profile("alice@example.com") == Profile(
        address="alice@example.com",
        kind="room",
        name="Alice",
        groups=frozenset({"a", "b"}),
        attributes={"x": "1", "y": "3"},
        manager="m@example.com",
    )
    assert {person.name: set(person.addresses) for person in directory.people()} == {
        "Alice": {"alice@example.com", "bob@example.com"},
        "Other": {"alice@example.com"},
    }


def test_a_directory_without_sources_knows_nobody():
    assert Directory().profile("alice@example.com") is None
    assert Directory().people() == ()
