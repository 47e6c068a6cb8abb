# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.directory.address import Mailbox
from postward.directory.rights import MAX_GROUPS, MAX_MEMBERS, MAX_PATTERNS, sender_entry
from postward.directory.source import UnusableAnswer


def members_of(groups):
    return lambda group: groups.get(str(group), ())


def test_patterns_become_rights():
    entry = sender_entry(
        "alice", ["Bob", "x@Example.ORG", "@a.example", "*.b.example", "@bücher.example"], default_domain="example.com"
    )
    assert entry.addresses == {"bob@example.com", "x@example.org"}
    assert entry.domains == {"a.example", "xn--bcher-kva.example"}
    assert entry.parent_domains == {"b.example"}
    assert not entry.may_use_any


@pytest.mark.parametrize("pattern", ["", "a b", "a@b c", "@", "*.", "*.b..c", "@\udcff", "a" * 700, "bob", "group:x"])
def test_a_pattern_that_is_none_spoils_the_answer(pattern):
    with pytest.raises(UnusableAnswer):
        sender_entry("alice", [pattern])


def test_groups_in_groups_are_followed_and_circles_end():
    groups = {
        "a@x.example": ["one", "group:b"],
        "b@x.example": ["two@y.example", "group:a@x.example", "group:b"],
    }
    entry = sender_entry("alice", ["group:a@x.example"], members=members_of(groups))
    assert entry.addresses == {"a@x.example", "one@x.example", "b@x.example", "two@y.example"}


def test_a_group_that_is_none_gives_its_address_only():
    assert sender_entry("alice", ["group:a@x.example"]).addresses == {"a@x.example"}


@pytest.mark.parametrize("member", ["*", "@x.example", "*.x.example", "no address", ""])
def test_only_addresses_and_groups_are_members(member):
    with pytest.raises(UnusableAnswer):
        sender_entry("alice", ["group:a@x.example"], members=members_of({"a@x.example": [member]}))


def test_the_bounds():
    with pytest.raises(UnusableAnswer, match="patterns"):
        sender_entry("alice", (f"a{number}@x.example" for number in range(MAX_PATTERNS + 1)))
    many = [f"a{number}" for number in range(MAX_MEMBERS + 1)]
    with pytest.raises(UnusableAnswer, match="addresses"):
        sender_entry("alice", ["group:a@x.example"], members=members_of({"a@x.example": many}))
    asked = []

    def endless(group):
        asked.append(group)
        return [f"group:{group.local_part}x"]

    with pytest.raises(UnusableAnswer, match="groups"):
        sender_entry("alice", ["group:a@x.example"], members=endless)
    assert len(asked) == MAX_GROUPS


def test_an_address_without_its_tag():
    assert Mailbox("alice+a+b", "x.example").untagged == Mailbox("alice", "x.example")
    assert Mailbox("+a", "x.example").untagged == Mailbox("+a", "x.example")
    assert Mailbox("alice+", "x.example").untagged == Mailbox("alice", "x.example")
