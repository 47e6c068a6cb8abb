# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals to the service while mail comes in through Postfix: no message is lost, doubled or passed unfiltered."""

from __future__ import annotations

import os
import signal

from tests.faults.accounting import settle
from tests.faults.smtp_load import SmtpLoad

RELOADS = 4


def test_sighup_every_second(host):
    """The status is written once a second; each time the next reload is asked for, though the last may still load."""
    first = host.postward.status()
    with SmtpLoad(host) as load:
        seen = first
        for _ in range(RELOADS):
            host.postward.ask_for_reload()
            seen = host.postward.wait_for_status(lambda status, last=seen: status["written_s"] > last["written_s"])
        last = host.postward.wait_for_status(lambda status: status["state"] == "serving")
        load.wait_for_accepted(10)
    assert last["reloads"] > first["reloads"]
    assert load.ledger.refused == {}
    settle(host, load.ledger)


def test_sighup_with_a_broken_configuration(host):
    before = host.postward.workers()
    settings = host.settings_of_host()
    with SmtpLoad(host) as load:
        load.wait_for_accepted(10)
        host.postward.configure({**settings, "mode": "nonsense"})
        host.postward.ask_for_reload()
        refused = host.postward.wait_for_status(lambda status: not status["last_reload"]["is_good"])
        load.wait_for_accepted(10)
    host.postward.configure(settings)
    assert "mode: must be one of" in refused["last_reload"]["errors"][0]
    assert "mode: must be one of" in host.postward.log_line("event=generation.refused")
    assert host.postward.workers() == before
    assert load.ledger.refused == {}
    settle(host, load.ledger)


def test_sigterm_and_a_new_start(host):
    """Sessions with the MTA go on to their end; who comes in between is told to try again."""
    with SmtpLoad(host) as load:
        load.wait_for_accepted(10)
        assert host.postward.stop() == 0
        load.wait_for_refused(3)
        host.postward.start()
        load.wait_for_accepted(10)
    assert set(load.ledger.refusals) == {"451"}
    settle(host, load.ledger)


def test_workers_killed(host):
    with SmtpLoad(host) as load:
        for _ in range(2):
            load.wait_for_accepted(10)
            victims = host.postward.workers()
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            host.postward.wait_for_workers(other_than=set(victims))
        load.wait_for_accepted(10)
    assert set(load.ledger.refusals) <= {"451"}
    settle(host, load.ledger, survived=False)


def test_leader_killed(host):
    """Open sessions go on, and new ones wait for the new workers on the socket that the supervisor holds."""
    with SmtpLoad(host) as load:
        load.wait_for_accepted(10)
        workers = set(host.postward.workers())
        os.kill(host.postward.status()["generations"][0]["leader_pid"], signal.SIGKILL)
        host.postward.log_line("event=leader.died")
        host.postward.wait_for_workers(other_than=workers)
        load.wait_for_accepted(10)
    assert load.ledger.refused == {}
    settle(host, load.ledger)


def test_supervisor_killed_and_started_anew(host):
    """As systemd does it: the old workers end with their sessions, and the new ones have a new socket."""
    with SmtpLoad(host) as load:
        load.wait_for_accepted(10)
        host.postward.kill()
        host.postward.start()
        load.wait_for_accepted(10)
    assert set(load.ledger.refusals) <= {"451"}
    settle(host, load.ledger, survived=False)
