# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.errors import RuleFailure
from postward.rules.given_reputation import given_reputation, read_given
from postward.rules.message.reputation_view import IdentityView


def test_what_is_not_said_is_well_known():
    assert given_reputation({"ip": {"bad_percent": 40}}).identities == {
        "ip": IdentityView(kind="ip", bad_percent=40.0, surely_bad_percent=40.0, confidence=1.0, messages=1_000.0)
    }


def test_numbers_of_one_identity_come_together():
    read = read_given(["network:bad_percent=40", "net:messages=3", "from:confidence=.5"])
    assert read is not None
    assert {kind: (each.bad_percent, each.messages) for kind, each in read.identities.items()} == {
        "net": (40.0, 3.0),
        "from": (0.0, 1_000.0),
    }


def test_nothing_given_is_a_store_that_does_not_answer():
    assert read_given([]) is None
    read = read_given([], is_correspondent=True)
    assert read is not None
    assert read.is_correspondent


@pytest.mark.parametrize(
    "text", ["ip", "ip:bad_percent", "ip=3", "nobody:messages=1", "all:messages=1", "ip:name=x", "ip:messages=x",
             "ip:messages=-1", "ip:messages=nan", "ip:messages=inf", "ip:bad_percent=101", "", ":="],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(RuleFailure):
        read_given([text])
