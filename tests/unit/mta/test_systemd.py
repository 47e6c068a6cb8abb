# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket

import pytest

from postward.mta.systemd import Notifier
from tests.clock import Clock


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        if request.param == "path":
            end.bind(str(tmp_path / "notify"))
            shown = str(tmp_path / "notify")
        else:
            end.bind("")
            shown = "@" + end.getsockname()[1:].decode()
        end.settimeout(0)
        yield end, {"NOTIFY_SOCKET": shown}


def heard(end):
    try:
        return end.recv(4096).decode()
    except BlockingIOError:
        return None


def test_states(manager):
    end, environment = manager
    notifier = Notifier(environment, monotonic=Clock())
    notifier.ready()
    assert heard(end) == "READY=1"
    notifier.reloading()
    assert heard(end) == "RELOADING=1\nMONOTONIC_USEC=1000000000"
    notifier.stopping()
    assert heard(end) == "STOPPING=1"
    notifier.status("two\nlines")
    assert heard(end) == "STATUS=two lines"


def test_the_watchdog_is_fed_at_half_its_interval_while_all_is_well(manager):
    end, environment = manager
    clock = Clock()
    notifier = Notifier(environment | {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}, monotonic=clock, pid=7)
    notifier.feed_watchdog(is_healthy=True)
    assert heard(end) == "WATCHDOG=1"
    notifier.feed_watchdog(is_healthy=True)
    assert heard(end) is None
    clock.now_s += 30
    notifier.feed_watchdog(is_healthy=False)
    assert heard(end) is None
    notifier.feed_watchdog(is_healthy=True)
    assert heard(end) == "WATCHDOG=1"


@pytest.mark.parametrize("watchdog", [{}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "8"}])
def test_a_watchdog_that_is_not_ours_is_not_fed(manager, watchdog):
    end, environment = manager
    Notifier(environment | watchdog, monotonic=Clock(), pid=7).feed_watchdog(is_healthy=True)
    assert heard(end) is None


@pytest.mark.parametrize("address", ["", "relative", "/nonexistent/notify"])
def test_nobody_is_there(address):
    Notifier({"NOTIFY_SOCKET": address}, monotonic=Clock()).ready()
