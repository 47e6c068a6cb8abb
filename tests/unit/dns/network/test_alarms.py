from __future__ import annotations

from functools import partial

from postward.dns.network.alarms import Alarms


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
