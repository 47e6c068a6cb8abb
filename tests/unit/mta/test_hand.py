# SPDX-License-Identifier: GPL-3.0-or-later
"""What a leader knows of a worker, and when it takes it to hang."""

from __future__ import annotations

import pytest

from postward.mta.hand import Hand
from postward.mta.link import KIND, open_link
from postward.mta.settings import MtaSettings
from postward.mta.worker import HEARTBEAT, READY, RETIRE, SILENT

SETTINGS = MtaSettings(deadline_s=30, heartbeat_timeout_s=20, start_timeout_s=60, retire_timeout_s=600)
BEAT = {KIND: HEARTBEAT, "sessions": 2, "messages": 7, "oldest_s": 1.5, "stuck": 1, "dropped": 3}


@pytest.fixture
def ends():
    mine, theirs = open_link()
    yield mine, theirs
    mine.close()
    theirs.close()


@pytest.fixture
def hand(ends):
    return Hand(pid=1, index=0, link=ends[0], started_s=0.0, heard_s=0.0)


def test_it_comes_up_serves_and_retires(hand, ends):
    states = [hand.status(1.0)["state"]]
    hand.take({KIND: READY}, 2.0)
    states.append(hand.status(2.0)["state"])
    hand.retire(3.0)
    hand.retire(4.0)
    hand.take({KIND: SILENT}, 5.0)
    states.append(hand.status(5.0)["state"])
    assert states == ["starting", "serving", "retiring"]
    assert hand.is_silent
    assert [message[KIND] for message in ends[1].receive()] == [RETIRE]


def test_a_heartbeat_is_what_it_says_of_itself(hand):
    hand.take(BEAT, 12.0)
    told = hand.status(20.04)
    assert (told["sessions"], told["messages"], told["stuck"], told["age_s"]) == (2, 7, 1, 20.0)
    assert (hand.oldest_s, hand.dropped, hand.heard_s) == (1.5, 3, 12.0)


@pytest.mark.parametrize(
    ("changed", "now_s", "reason"),
    [
        ({}, 60.0, ""),
        ({"heard_s": 50.0}, 61.0, "not ready in time"),
        ({}, 61.0, "no heartbeat"),
        ({"is_ready": True}, 21.0, "no heartbeat"),
        ({"is_ready": True, "heard_s": 21.0, "oldest_s": 40.0}, 21.0, ""),
        ({"is_ready": True, "heard_s": 21.0, "oldest_s": 40.1}, 21.0, "a message is past its deadline"),
        ({"is_ready": True, "heard_s": 620.0, "retires_since_s": 10.0}, 620.0, ""),
        ({"is_ready": True, "heard_s": 621.0, "retires_since_s": 10.0}, 621.0, "not retired in time"),
    ],
)
def test_when_it_is_taken_to_hang(hand, changed, now_s, reason):
    for name, value in changed.items():
        setattr(hand, name, value)
    assert hand.hangs(SETTINGS, now_s) == reason
