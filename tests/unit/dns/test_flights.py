# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.dns.answer import RecordType
from postward.dns.flights import Flights

ONE = ("one.example", RecordType.A)
TWO = ("two.example", RecordType.A)


def test_flights_fall_due_in_the_order_of_their_start():
    flights = Flights(5.0)
    first, second = flights.start(ONE, 10.0), flights.start(TWO, 12.0)
    assert flights.wait_s(11.0) == 4.0
    assert flights.overdue(14.9) is None
    assert flights.overdue(15.0) is first
    flights.land(first)
    assert flights.overdue(15.0) is None
    assert flights.wait_s(20.0) == 0.0
    assert flights.overdue(17.0) is second


def test_a_flight_lands_once():
    flights = Flights(5.0)
    flight = flights.start(ONE, 0.0)
    flight.waiting.append(print)
    assert flights.get(ONE) is flight
    assert flights.land(flight) == [print]
    assert flights.land(flight) == []
    assert flights.get(ONE) is None
    assert flights.wait_s(0.0) is None


def test_a_question_may_fly_again_after_its_landing():
    flights = Flights(5.0)
    old = flights.start(ONE, 0.0)
    flights.land(old)
    new = flights.start(ONE, 1.0)
    assert flights.land(old) == []
    assert flights.all() == [new]
    assert len(flights) == 1
