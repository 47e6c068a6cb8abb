# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing stays open that belongs to a process that has gone, or to another one."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.milter.server import wait_until


def sockets(pid):
    """Inodes of the sockets that a process has open."""
    links = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.add(str(entry.readlink()))
    return {link for link in links if link.startswith("socket:")}


def test_no_process_has_what_belongs_to_another(start):
    server = start(workers=3)
    supervisor, leader, workers = server.process.pid, server.leader_pid(), server.worker_pids()
    of_workers = [sockets(pid) for pid in workers]
    in_all = set.intersection(*of_workers)
    # Beside what all workers share, each has its own end of the line to the leader.
    own = [each - in_all for each in of_workers]
    assert [len(each) for each in own] == [1, 1, 1]
    assert len(set.union(*own)) == 3
    assert not set.union(*own) & (sockets(leader) | sockets(supervisor))
    # The leader has the other end of each, and one of the line to the supervisor.
    assert len(sockets(leader) - in_all - sockets(supervisor)) == 4


def test_a_replaced_worker_inherits_nothing_of_the_one_before(start):
    server = start(workers=2)
    leader, victim = server.leader_pid(), server.worker_pids()[0]
    before, of_victim = len(sockets(leader)), len(sockets(victim))
    for number in range(1, 4):
        os.kill(server.worker_pids()[0], signal.SIGKILL)
        server.wait_for("event=worker.died", number)
        server.wait_for("event=worker.started", 2 + number)
    wait_until(lambda: len(sockets(leader)) == before, "as few sockets in the leader as before")
    wait_until(lambda: len(sockets(server.worker_pids()[-1])) == of_victim, "as few in the new worker")


def test_a_new_generation_inherits_nothing_of_the_one_before(start):
    server = start(workers=2)
    supervisor = server.process.pid

    def counts():
        return [len(sockets(pid)) for pid in (supervisor, server.leader_pid(), *server.worker_pids())]

    before = counts()
    for number in range(1, 4):
        server.hang_up()
        server.wait_for("event=generation.ready", 1 + number)
        server.wait_for("event=generation.retired", number)
    wait_until(lambda: counts() == before, "as few sockets in every process as before")
