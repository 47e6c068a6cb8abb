# SPDX-License-Identifier: GPL-3.0-or-later
"""A token is good for one message, one decision, and until it expires."""

from __future__ import annotations

import pytest

from postward.app.moderation_tokens import ModerationTokens
from postward.errors import UsageError
from tests.unit.app.courier.parts import SECRET, Moment
from tests.unit.spool.kept import NOW_S

ID = "a" * 16


@pytest.fixture
def clock():
    return Moment()


@pytest.fixture
def tokens(clock):
    return ModerationTokens(SECRET, clock=clock)


def test_what_was_made_is_read(tokens):
    meaning = tokens.read(tokens.make(ID, "approve", NOW_S + 60), "approve")
    assert (meaning.message_id, meaning.word) == (ID, "approve")


def test_it_fits_into_a_link_as_it_is(tokens):
    assert all(each.isalnum() or each == "." for each in tokens.make(ID, "reject", NOW_S))


def test_it_is_for_one_decision(tokens):
    with pytest.raises(UsageError, match="to reject, not to approve"):
        tokens.read(tokens.make(ID, "reject", NOW_S + 60), "approve")


def test_it_expires(tokens, clock):
    token = tokens.make(ID, "approve", NOW_S + 60)
    clock.now_s += 61
    with pytest.raises(UsageError, match="expired"):
        tokens.read(token, "approve")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("m1.", "m2."), ("approve", "reject"), (ID, "b" * 16), ("1800000060", "1900000060"), ("1800000060", "-1"),
        (".", "."), (ID, "../../../../etc/"),
    ],
)  # fmt: skip
def test_a_changed_one_is_none(tokens, old, new):
    token = tokens.make(ID, "approve", NOW_S + 60)
    changed = token.replace(old, new, 1) if old != new else token[:-1] + ("0" if token[-1] != "0" else "1")
    with pytest.raises(UsageError, match="not one of this host's"):
        tokens.read(changed, "reject" if new == "reject" else "approve")


@pytest.mark.parametrize("token", ["", "m1", "x" * 100_000, "m1.approve." + ID + ".1.", "\udcff", "m1.approve\n"])
def test_rubbish_is_none(tokens, token):
    with pytest.raises(UsageError, match="not one of this host's"):
        tokens.read(token, "approve")


def test_that_of_another_host_is_none(tokens, clock):
    other = ModerationTokens(b"t" * 32, clock=clock)
    with pytest.raises(UsageError, match="not one of this host's"):
        tokens.read(other.make(ID, "approve", NOW_S + 60), "approve")
