# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens where the system has no more processes to give, or no room to write."""

from __future__ import annotations

import os
import signal

from postward.mta.status import read_status
from tests.milter.client import final, greet
from tests.milter.process_limits import no_more_processes
from tests.milter.server import wait_until


def test_a_reload_that_cannot_be_begun_is_refused(start):
    server = start(workers=1)
    before = server.worker_pids()
    with no_more_processes(server.process.pid):
        server.hang_up()
        server.wait_for("event=generation.refused")
        assert final(greet(server.address).message()) == b"c"
    assert server.worker_pids() == before
    server.hang_up()
    server.wait_for("event=generation.ready", 2)


def test_a_collector_that_cannot_be_started_is_tried_again(start):
    server = start(workers=1)
    collector = server.wait_for_told(collected=0)[0]["collector"]
    with no_more_processes(server.process.pid):
        os.kill(collector, signal.SIGKILL)
        server.wait_for("event=collector.not_started", 2)
        assert final(greet(server.address).message()) == b"c"
    server.wait_for("event=collector.started", 2)
    server.wait_for_told(collected=1)


def test_a_worker_that_cannot_be_replaced_is_tried_again(start):
    server = start(workers=2)
    leader = server.leader_pid()
    with no_more_processes(leader):
        os.kill(server.worker_pids()[0], signal.SIGKILL)
        server.wait_for("event=worker.not_started", 2)
        assert final(greet(server.address).message()) == b"c"
    server.wait_for("event=worker.started", 3)
    assert not any("leader.died" in line for line in server.lines)


def test_a_status_that_cannot_be_written_for_a_while_is_written_again(start):
    server = start(workers=1)
    path = server.directory / "milter.sock.status.json"
    wait_until(lambda: read_status(path), "the status")
    server.directory.chmod(0o555)
    server.wait_for("event=status.not_written")
    last = read_status(path)["written_s"]
    server.directory.chmod(0o755)
    wait_until(lambda: read_status(path)["written_s"] > last, "the status again")
    assert len(server.wait_for("event=status.not_written")) == 1
