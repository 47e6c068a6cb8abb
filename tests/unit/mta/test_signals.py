# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor's signals, as something that a poll can wait for."""

from __future__ import annotations

import os
import select
import signal

import pytest

from postward.mta.signals import Signals

HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
PATIENCE_S = 10


@pytest.fixture
def signals():
    before = {number: signal.getsignal(number) for number in HANDLED}
    listening = Signals()
    yield listening
    listening.close()
    for number, handler in before.items():
        signal.signal(number, handler)


def test_nothing_has_come(signals):
    assert signals.take() == frozenset()


def test_what_has_come_wakes_a_poll_and_is_taken_once(signals):
    os.kill(os.getpid(), signal.SIGHUP)
    os.kill(os.getpid(), signal.SIGTERM)
    assert select.select([signals], [], [], PATIENCE_S)[0] == [signals]
    assert signals.take() == {signal.SIGHUP, signal.SIGTERM}
    assert signals.take() == frozenset()
    assert select.select([signals], [], [], 0)[0] == []
