# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.keys.rotation import (
    active_entries,
    pending_entries,
    pruned,
    published_entries,
    removable_entries,
    rotated,
)
from postward.errors import UsageError
from postward.signing.manifest import KeyEntry, Manifest

OLD, NEW = KeyEntry(selector="old", file="old.pem"), KeyEntry(selector="new", file="new.pem")
BEFORE = Manifest(domain="example.com", keys=(OLD,))
SWITCH_S, OVERLAP_S = 1_000, 500


@pytest.fixture
def after():
    return rotated(BEFORE, [NEW], now_s=100.0, switch_s=SWITCH_S, overlap_s=OVERLAP_S)


def selectors(entries):
    return [entry.selector for entry in entries]


@pytest.mark.parametrize(
    ("now_s", "active", "pending", "kept"),
    [
        (100, ["old"], ["new"], ["old", "new"]),
        (SWITCH_S - 1, ["old"], ["new"], ["old", "new"]),
        (SWITCH_S, ["new"], [], ["old", "new"]),
        (SWITCH_S + OVERLAP_S - 1, ["new"], [], ["old", "new"]),
        (SWITCH_S + OVERLAP_S, ["new"], [], ["new"]),
    ],
)
def test_there_is_a_key_that_signs_at_every_moment(after, now_s, active, pending, kept):
    assert selectors(active_entries(after, now_s)) == active
    assert selectors(pending_entries(after, now_s)) == pending
    assert selectors(published_entries(after, now_s)) == selectors(pruned(after, now_s).keys) == kept
    assert selectors(removable_entries(after, now_s)) == [name for name in ("old", "new") if name not in kept]


def test_a_second_rotation_waits_for_the_first(after):
    third = KeyEntry(selector="third", file="third.pem")
    with pytest.raises(UsageError, match="under way: new"):
        rotated(after, [third], now_s=200.0, switch_s=2_000, overlap_s=1)
    later = rotated(after, [third], now_s=1_100.0, switch_s=2_000, overlap_s=1)
    assert later.keys[0] == after.keys[0]
    assert (later.keys[1].signs_until_s, later.keys[2].signs_from_s) == (2_000, 2_000)


def test_no_switch_lies_in_the_past():
    after = rotated(BEFORE, [NEW], now_s=5_000.7, switch_s=10, overlap_s=1)
    assert after.keys[1].signs_from_s == 5_000
