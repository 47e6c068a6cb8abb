# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from functools import partial

import pytest

from postward.dns.network.alarms import Alarms, sooner


def test_alarms_go_off_in_the_order_of_their_time(clock):
    alarms = Alarms(clock)
    heard = []
    for delay_s in (3.0, 1.0, 2.0, 1.0):
        alarms.set(delay_s, partial(heard.append, delay_s))
    assert alarms.timeout_s() == 1.0
    alarms.run_due()
    assert heard == []
    clock.advance(2.5)
    alarms.run_due()
    assert heard == [1.0, 1.0, 2.0]
    assert alarms.timeout_s() == 0.5
    clock.advance(5.0)
    assert alarms.timeout_s() == 0.0
    alarms.run_due()
    assert alarms.timeout_s() is None


@pytest.mark.parametrize(
    ("one_s", "other_s", "expected_s"), [(None, None, None), (1.0, None, 1.0), (None, 0.0, 0.0), (2.0, 1.0, 1.0)]
)
def test_waiting_for_ever_is_the_longest(one_s, other_s, expected_s):
    assert sooner(one_s, other_s) == expected_s
