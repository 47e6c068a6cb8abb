# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.observability.channel import open_channel
from postward.observability.logger import EventLog
from postward.observability.reload_reporting import ReloadReporting
from postward.observability.wire import decode_report


def test_refusals_are_reported_as_what_was_added_and_the_time_as_it_is():
    receiving, sending = open_channel()
    with receiving, sending:
        reporting = ReloadReporting(sending, EventLog())
        for loaded_s, failures, is_stale in (
            (None, 1, True),
            (1_700_000_000.0, 1, False),
            (1_700_000_000.0, 3, True),
            (1_700_000_001.0, 3, False),
        ):
            reporting.report(loaded_s=loaded_s, failures=failures, is_stale=is_stale)
        reports = [decode_report(receiving.recv(10_000)).delta for _ in range(4)]
    failures, loaded, stale = (
        ("postward_config_reload_failures_total", ()),
        ("postward_config_last_reload_success_timestamp_seconds", ()),
        ("postward_config_stale", ()),
    )
    assert reports == [
        {failures: 1, stale: 1},
        {loaded: 1_700_000_000.0, stale: 0},
        {loaded: 1_700_000_000.0, failures: 2, stale: 1},
        {loaded: 1_700_000_001.0, stale: 0},
    ]


def test_restarts_of_redis_are_reported_as_what_was_added():
    receiving, sending = open_channel()
    restarts = ("postward_redis_restarts_total", ())
    with receiving, sending:
        reporting = ReloadReporting(sending, EventLog())
        for number in (0, 2, 3):
            reporting.report(loaded_s=None, failures=0, is_stale=False, redis_restarts=number)
        reports = [decode_report(receiving.recv(10_000)).delta for _ in range(3)]
    assert [report.get(restarts) for report in reports] == [None, 2, 1]
