# SPDX-License-Identifier: GPL-3.0-or-later
"""One collector for all generations: whatever happens to them, what was reported reaches it."""

from __future__ import annotations

import os
import signal

from tests.mailhost.stopped import hang
from tests.milter.client import final, greet
from tests.milter.load import Load


def collector_pid(server):
    return server.wait_for_told(collected=0)[0]["collector"]


def test_it_counts_for_all_workers_and_their_replacements(start):
    server = start(workers=2)
    for _ in range(4):
        greet(server.address).message()
    collector = server.wait_for_told(collected=4)[0]["collector"]
    os.kill(server.worker_pids()[0], signal.SIGKILL)
    server.wait_for("event=worker.started", 3)
    greet(server.address).message()
    assert server.wait_for_told(collected=5)[0]["collector"] == collector


def test_it_goes_on_through_reloads_good_and_bad(start):
    server = start(workers=1, metrics_port=1)
    draining = greet(server.address)
    draining.message()
    server.configure(workers=1, metrics_port=2)
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    assert final(draining.message()) == b"c"
    assert final(greet(server.address).message()) == b"c"
    server.wait_for_told(collected=3, metrics_port=2)
    server.configure(broken="yes", metrics_port=3)
    server.hang_up()
    server.wait_for("event=generation.refused")
    greet(server.address).message()
    counted = server.wait_for_told(collected=4)[-1]
    assert (counted["metrics_port"], counted["collector"]) == (2, collector_pid(server))
    assert len(server.wait_for("event=collector.started")) == 1


def test_killed_it_is_replaced_and_nothing_else_is_disturbed(start):
    server = start(workers=1, metrics_port=1)
    workers = server.worker_pids()
    first = collector_pid(server)
    server.configure(workers=1, metrics_port=2)
    server.hang_up()
    server.wait_for_told(metrics_port=2)
    client = greet(server.address)
    os.kill(first, signal.SIGKILL)
    assert final(client.message()) == b"c"
    assert "status=137" in server.wait_for("event=collector.died")[0]
    counted = server.wait_for_told(collected=1)[-1]
    assert counted["collector"] != first
    assert counted["metrics_port"] == 2
    assert len(server.wait_for("event=generation.ready")) == 2
    assert workers != server.worker_pids()


def test_it_takes_in_the_last_report_before_the_end(start):
    server = start(workers=2)
    with Load(server.address, 4) as load:
        load.wait_for_answers(50)
    server.terminate()
    assert server.wait() == 0
    (ended,) = server.wait_for_told(collector_ended=collector_pid(server))
    assert ended["collected"] == load.answers
    assert not any("collector.died" in line or "collector.killed" in line for line in server.lines)


def test_no_signal_but_the_last_disturbs_it(start):
    server = start(workers=1)
    collector = collector_pid(server)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(collector, number)
    greet(server.address).message()
    assert server.wait_for_told(collected=1)[0]["collector"] == collector


def test_one_that_does_not_end_is_killed(start):
    server = start(workers=1)
    hang(collector_pid(server))
    server.terminate()
    assert server.wait() == 0
    server.wait_for("event=collector.killed")
