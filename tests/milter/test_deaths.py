# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers, leaders and supervisors that die: who takes their place, and what becomes of their sessions."""

from __future__ import annotations

import os
import signal

import pytest

from postward.mta.status import read_status
from tests.milter.client import final, greet
from tests.milter.load import Load
from tests.milter.server import Server, wait_until


def test_a_killed_worker_is_replaced_and_its_session_closed(start):
    server = start(workers=1)
    client = greet(server.address)
    client.mail()
    client.rcpt()
    client.header(b"From", b" a")
    os.kill(server.worker_pids()[0], signal.SIGKILL)
    with pytest.raises((EOFError, OSError)):
        client.end()
    assert final(greet(server.address).message()) == b"c"
    assert "status=137" in server.wait_for("event=worker.died")[0]
    server.wait_for("event=worker.started", 2)


def test_a_killed_worker_of_two_hurts_nobody_else(start):
    server = start(workers=2)
    victims = server.worker_pids()
    with Load(server.address, 4) as load:
        load.wait_for_answers(20)
        survivor = greet(server.address)
        survivor.message()
        served_by = server.told_of(survivor)["pid"]
        os.kill(next(pid for pid in victims if pid != served_by), signal.SIGKILL)
        assert final(survivor.message()) == b"c"
        server.wait_for("event=worker.started", 3)
    assert all("Error" in error for error in load.errors)
    assert len(load.errors) <= 4


def test_a_dead_leader_is_replaced_and_its_workers_retire(start):
    server = start(workers=1)
    client = greet(server.address)
    client.message()
    os.kill(server.leader_pid(), signal.SIGKILL)
    server.wait_for("event=leader.died")
    server.wait_for("event=generation.ready", 2)
    assert final(client.message()) == b"c"
    orphan = server.told_of(client)["pid"]
    assert final(greet(server.address).message()) == b"c"
    client.quit()
    server.wait_for_told(closed=orphan)


def test_an_orphaned_leader_lets_its_workers_end(start):
    server = start(workers=1)
    client = greet(server.address)
    client.message()
    server.process.kill()
    server.wait()
    assert final(client.message()) == b"c"
    client.quit()
    server.wait_for_told(closed=server.told_of(client)["pid"])


def is_refused(address: str) -> bool:
    try:
        greet(address).quit()
    except ConnectionRefusedError:
        return True
    except (OSError, EOFError):
        return False
    return False


def test_a_worker_that_came_up_ends_its_sessions_where_another_did_not(start):
    server = Server()
    sign = server.directory / "sign"
    server.configure(workers=2, fails_to_start_at=1, waits_for=str(sign))
    server.start(wait=False)
    server.wait_for("event=worker.started", 2)
    client = greet(server.address)
    client.mail()
    client.rcpt()
    sign.touch()
    assert server.wait() == 75
    client.header(b"From", b" a")
    assert final(client.end()) == b"c"
    client.quit()
    server.wait_for_told(closed=server.told_of(client)["pid"])
    server.stop()


def test_the_status_counts_leaders_that_died(start):
    server = start(workers=1)
    for deaths in (1, 2):
        os.kill(server.leader_pid(), signal.SIGKILL)
        server.wait_for("event=leader.died", deaths)
        server.wait_for("event=generation.ready", deaths + 1)
    path = server.directory / "milter.sock.status.json"
    wait_until(lambda: (found := read_status(path)) and found["leader_restarts"] == 2, "both in the status")


def test_workers_of_a_dead_leader_are_waited_for_at_the_end(start):
    server = start(workers=1)
    client = greet(server.address)
    client.message()
    orphan = server.told_of(client)["pid"]
    os.kill(server.leader_pid(), signal.SIGKILL)
    server.wait_for("event=generation.ready", 2)
    server.terminate()
    wait_until(lambda: not (server.directory / "milter.sock").exists(), "the socket's end")
    assert final(client.message()) == b"c"
    client.quit()
    assert server.wait() == 0
    collected = [
        one["collected"] for one in server.wait_for_told(closed=orphan) and server.told if "collector_ended" in one
    ]
    assert collected == [2]


def test_a_worker_of_a_dead_leader_ends_by_itself_in_time(start):
    server = start(workers=1, settings={"retire_timeout_s": 0.5})
    client = greet(server.address)
    client.message()
    os.kill(server.leader_pid(), signal.SIGKILL)
    server.wait_for_told(closed=server.told_of(client)["pid"])
    with pytest.raises((EOFError, ConnectionError)):
        client.receive()


def test_workers_of_a_dead_leader_are_not_waited_for_for_ever(start):
    server = start(workers=1, stop_timeout_s=0.5)
    client = greet(server.address)
    client.message()
    os.kill(server.leader_pid(), signal.SIGKILL)
    server.wait_for("event=generation.ready", 2)
    server.terminate()
    assert server.wait() == 0
    with pytest.raises((EOFError, OSError)):
        client.message()


@pytest.mark.parametrize("family", ["unix", "inet"])
def test_supervisor_and_leader_dead_it_can_be_started_again_and_again_until_the_workers_have_let_go(start, family):
    server = start(family=family, workers=2)
    old = greet(server.address)
    old.message()
    leader = server.leader_pid()
    server.process.kill()
    os.kill(leader, signal.SIGKILL)
    server.wait()

    def has_started():
        server.start(wait=False)
        wait_until(lambda: server.process.poll() is not None or served_by(server), "its end or its service")
        assert server.process.poll() in {None, 75}
        return server.process.poll() is None

    wait_until(has_started, "a start")
    assert final(greet(server.address).message()) == b"c"
    assert final(old.message()) == b"c"


def served_by(server):
    ready = [line for line in server.lines if "event=generation.ready" in line]
    return len(ready) == 2


@pytest.mark.parametrize("family", ["unix", "inet"])
def test_after_a_crash_it_can_be_started_while_old_sessions_go_on(start, family):
    server = start(family=family, workers=1)
    old = greet(server.address)
    old.message()
    server.process.kill()
    server.wait()
    wait_until(lambda: is_refused(server.address), "the end of the old socket")
    server.start(wait=False)
    server.wait_for("event=generation.ready", 2)
    assert final(greet(server.address).message()) == b"c"
    assert final(old.message()) == b"c"
