# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.directory.address import Mailbox
from postward.directory.profile_fields import people_of, profile_entry, split_names
from postward.directory.source import UnusableAnswer
from postward.model.profile import Person, Profile

ALICE = Mailbox("alice", "example.com")


def test_all_fields():
    fields = {"name": b" Alice ", "kind": "ROOM", "manager": "Bob", "department": b"sales", "floor": 3, "x": None}
    assert profile_entry(
        ALICE, fields, groups=["Staff", b"All Users", ""], other_addresses=["a@Elsewhere.example, b@elsewhere.example"]
    ) == Profile(
        address="alice@example.com",
        kind="room",
        name="Alice",
        manager="bob@example.com",
        groups=frozenset({"staff", "all users"}),
        attributes={"department": "sales", "floor": "3"},
        other_addresses=frozenset({"a@elsewhere.example", "b@elsewhere.example"}),
    )


def test_nothing_more_than_the_address():
    assert profile_entry(ALICE, {}) == Profile(address="alice@example.com")


@pytest.mark.parametrize(
    ("fields", "others", "message"),
    [
        ({"kind": "robot"}, {}, "kind of an address"),
        ({"name": "a" * 257}, {}, "name is too long"),
        ({"name": "two\nlines"}, {}, "cannot be printed"),
        ({"manager": "no address"}, {}, "what should be an address"),
        ({str(number): "x" for number in range(101)}, {}, "more than 100 fields"),
        ({}, {"groups": map(str, range(1_001))}, "more than 1000 groups"),
        ({}, {"other_addresses": ["a@x.example " * 80] * 2}, "more than 100 other addresses"),
        ({}, {"other_addresses": ["@"]}, "what should be an address"),
        ({"x": b"\xff"}, {}, "not UTF-8"),
    ],
)
def test_what_cannot_be_used(fields, others, message):
    with pytest.raises(UnusableAnswer, match=message):
        profile_entry(ALICE, fields, **others)


def test_names_between_commas():
    assert list(split_names(["a b, c", None, b"d"])) == ["a b", "c", "", "d"]


def test_people_have_all_the_addresses_of_their_rows():
    rows = [("Alice", "alice@example.com"), (b"ALICE", b"a@example.com b@example.com"), ("Bob", "bob@example.com")]
    assert people_of(rows) == (
        Person(name="Alice", addresses=frozenset({"alice@example.com", "a@example.com", "b@example.com"})),
        Person(name="Bob", addresses=frozenset({"bob@example.com"})),
    )


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("two\nlines", "x@example.com"), ("a" * 257, "x@example.com"), (b"\xff", "x@example.com"),
        ("", "x@example.com"),
        ("Eve", ""), ("Eve", None), ("Eve", "no address"), ("Eve", "x@"), (None, None), ("Eve", "x" * 2_000),
    ],
)  # fmt: skip
def test_one_who_chose_his_name_badly_takes_nobody_elses_away(name, address):
    assert [person.name for person in people_of([(name, address), ("Bob", "bob@example.com")])] == ["Bob"]


def test_too_many_people_are_refused_without_reading_them_all():
    def rows():
        for number in range(10**9):
            yield f"User {number % 20_000}", f"u{number}@example.com"

    with pytest.raises(UnusableAnswer, match="more than 50000 addresses"):
        people_of(rows())
    with pytest.raises(UnusableAnswer, match="more than 10000 people"):
        people_of((f"User {number}", f"u{number}@example.com") for number in range(10_001))
