# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.observability.logger import EventLog
from postward.observability.metrics import WorkerMetrics
from postward.observability.plugin_reporting import PluginReporting


@pytest.fixture
def reported(tmp_path):
    """What was logged and counted of what a test has a plugin do."""

    def report(*events):
        fd = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
        metrics = WorkerMetrics({"plugin": frozenset({"vip"})})
        reporting = PluginReporting(EventLog(fd=fd), metrics)
        for name, arguments, options in events:
            getattr(reporting, name)(*arguments, **options)
        os.close(fd)
        return (tmp_path / "log").read_text().splitlines(), dict(metrics.take())

    return report


def test_a_failure_is_logged_and_counted_and_the_last_of_many_suspends(reported):
    lines, counted = reported(
        ("failed", ("vip", "timeout", "plugin vip: not done in 2 s"), {"suspends": False}),
        ("failed", ("vip", "raised", "plugin vip: KeyError"), {"suspends": True}),
    )
    assert counted == {
        ("postward_plugin_failures_total", ("vip", "timeout")): 1,
        ("postward_plugin_failures_total", ("vip", "raised")): 1,
        ("postward_plugin_suspensions_total", ("vip",)): 1,
    }
    assert 'level=warning event=plugin.failed plugin=vip kind=timeout text="plugin vip: not done in 2 s"' in lines[0]
    assert "level=error event=plugin.suspended plugin=vip" in lines[2]


def test_a_plugin_or_a_failure_that_nobody_knows_counts_as_other(reported):
    _, counted = reported(("failed", ("made-up", "odd", "x"), {"suspends": False}))
    assert counted == {("postward_plugin_failures_total", ("other", "other")): 1}


def test_what_it_says_and_what_could_not_be_kept_is_logged(reported):
    lines, counted = reported(("said", ("vip", "hello"), {}), ("not_kept", ("vip", "disk full"), {}))
    assert "event=plugin.said plugin=vip text=hello" in lines[0]
    assert 'event=plugin.message_not_kept plugin=vip text="disk full"' in lines[1]
    assert counted == {}
