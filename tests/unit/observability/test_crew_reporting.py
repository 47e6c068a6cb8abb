# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.observability.channel import open_channel
from postward.observability.crew_reporting import CrewReporting
from postward.observability.logger import EventLog
from postward.observability.wire import decode_report


def test_totals_are_reported_as_what_was_added():
    receiving, sending = open_channel()
    with receiving, sending:
        reporting = CrewReporting(sending, EventLog())
        reporting.report(sessions=3, restarts=2)
        reporting.report(sessions=1, restarts=2, events_lost=4)
        first, second = (decode_report(receiving.recv(10_000)).delta for _ in range(2))
    assert first == {("postward_sessions", ()): 3, ("postward_worker_restarts_total", ()): 2}
    assert second == {("postward_sessions", ()): 1, ("postward_events_lost_total", ()): 4}
