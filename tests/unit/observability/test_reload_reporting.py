from __future__ import annotations

from postward.observability.channel import open_channel
from postward.observability.logger import EventLog
from postward.observability.reload_reporting import ReloadReporting
from postward.observability.wire import decode_report


def test_refusals_are_reported_as_what_was_added_and_the_time_as_it_is():
    receiving, sending = open_channel()
    with receiving, sending:
        reporting = ReloadReporting(sending, EventLog())
        for loaded_s, failures in ((None, 1), (1_700_000_000.0, 1), (1_700_000_001.0, 3)):
            reporting.report(loaded_s=loaded_s, failures=failures)
        reports = [decode_report(receiving.recv(10_000)).delta for _ in range(3)]
    failures, loaded = (
        ("postward_config_reload_failures_total", ()),
        (
            "postward_config_last_reload_success_timestamp_seconds",
            (),
        ),
    )
    assert reports == [{failures: 1}, {loaded: 1_700_000_000.0}, {loaded: 1_700_000_001.0, failures: 2}]
