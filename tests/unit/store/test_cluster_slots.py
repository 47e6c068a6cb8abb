# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from redis.crc import key_slot
from redis.exceptions import ClusterDownError, InvalidResponse

from postward.store.cluster_slots import SLOTS, read_slot_map, slot_of

ASKED = ("here", 1)


def test_who_has_which_slot():
    slots = read_slot_map(
        [[5461, 10922, [b"b", 2, b"id"], [b"replica", 9, b"id"]], [0, 5460, [b"a", 1, b"id", []]]], ASKED
    )
    assert [slots.master_of(slot) for slot in (0, 5460, 5461, 10922)] == [("a", 1), ("a", 1), ("b", 2), ("b", 2)]
    assert set(slots.masters) == {("a", 1), ("b", 2)}
    with pytest.raises(ClusterDownError):
        slots.master_of(10923)


@pytest.mark.parametrize("host", [None, b"", b"?"])
def test_a_server_that_does_not_know_its_name_has_the_one_that_it_was_asked_by(host):
    assert read_slot_map([[0, 1, [host, 7]]], ASKED).masters == (("here", 7),)


@pytest.mark.parametrize(
    "answer",
    [
        None, b"", 5, {}, [None], [[]], [[0]], [[0, 1]], [[0, 1, []]], [[0, 1, [b"a"]]], [[0, 1, [b"a", b"1"]]],
        [[0, SLOTS, [b"a", 1]]], [[-1, 0, [b"a", 1]]], [[2, 1, [b"a", 1]]], [[0, 1, [b"a", 0]]],
        [[0, 1, [b"a", 65_536]]], [[0, 1, [5, 1]]], [[0, 1, [b"\xff", 1]]], [[b"0", 1, [b"a", 1]]],
        [[0, 1, [b"a", 1]]] * (SLOTS + 1),
    ],
)  # fmt: skip
def test_what_is_no_list_of_slots(answer):
    with pytest.raises(InvalidResponse):
        read_slot_map(answer, ASKED)


def test_a_cluster_in_which_nobody_has_anything():
    with pytest.raises(ClusterDownError):
        read_slot_map([], ASKED)


@pytest.mark.parametrize("key", ["a", "{a}b", "", "ü", "{}a"])
def test_the_slot_of_a_command_is_that_of_its_key(key):
    slot = key_slot(key.encode())
    assert slot_of(("GET", key)) == slot_of(("SET", key.encode(), "x")) == slot
    assert slot_of(("EVALSHA", "digest", 1, key, "other")) == slot_of(("eval", "text", 1, key)) == slot


def test_a_command_without_a_key_has_none():
    with pytest.raises(LookupError):
        slot_of(("PING",))
