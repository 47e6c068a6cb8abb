# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mta.link import open_link


@pytest.fixture
def ends():
    here, there = open_link()
    yield here, there
    here.close()
    there.close()


def test_messages_keep_their_bounds(ends):
    here, there = ends
    assert here.send("one", number=1)
    assert here.send("two", words=["ä"])
    assert there.receive() == [{"kind": "one", "number": 1}, {"kind": "two", "words": ["ä"]}]
    assert there.receive() == []


def test_what_was_said_before_the_end_is_heard(ends):
    here, there = ends
    here.send("last")
    here.close()
    assert there.receive() == [{"kind": "last"}]
    assert not there.is_open
    assert not there.send("answer")


def test_a_side_that_does_not_listen_blocks_nobody(ends):
    here, _ = ends
    while here.send("more", text="x" * 1000):
        pass
    assert here.is_open


def test_what_is_too_long_is_not_sent(ends):
    here, there = ends
    assert not here.send("long", text="x" * 1_000_000)
    assert there.receive() == []
