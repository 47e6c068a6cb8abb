# SPDX-License-Identifier: GPL-3.0-or-later
"""Supervisor, leaders and workers: replaced, reloaded, retired and ended without a lost message."""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import stat
import time
from pathlib import Path

import pytest

from postward.mta.status import read_status
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import USER
from tests.milter.client import Client, final, greet
from tests.milter.load import Load
from tests.milter.server import Server, wait_until


def status_path(server: Server) -> Path:
    return server.directory / "milter.sock.status.json"


@pytest.mark.parametrize("family", ["inet", "inet6"])
def test_tcp(start, family):
    server = start(family=family)
    client = greet(server.address)
    assert final(client.message()) == b"c"
    server.terminate()
    client.quit()
    assert server.wait() == 0


def test_the_socket_is_gone_after_the_end(start):
    server = start()
    assert stat.S_ISSOCK((server.directory / "milter.sock").stat().st_mode)
    server.terminate()
    assert server.wait() == 0
    assert not (server.directory / "milter.sock").exists()
    assert not status_path(server).exists()


def test_a_stale_socket_is_replaced():
    server = Server(workers=1)
    path = server.directory / "milter.sock"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    path.chmod(0o777)
    server.start()
    client = greet(server.address)
    assert final(client.message()) == b"c"
    client.quit()
    server.stop()


@pytest.mark.parametrize(("occupant", "status"), [("socket", 75), ("file", 2)])
def test_what_is_not_ours_is_left_alone(occupant, status):
    """What listens may be about to end: a service manager tries again then, and not after status 2."""
    server = Server(workers=1)
    path = server.directory / "milter.sock"
    with socket.socket(socket.AF_UNIX) as other:
        if occupant == "socket":
            other.bind(str(path))
            other.listen()
        else:
            path.write_text("precious")
        assert server.start(wait=False).wait() == status
        assert path.exists()
    server.wait_for("milter.sock")
    server.stop()


def test_a_port_that_is_taken_may_be_free_soon(start):
    first = start(family="inet", workers=1)
    second = Server(workers=1)
    second.start(wait=False, listen=first.address)
    assert second.wait() == 75
    second.wait_for("another process is listening on inet:")
    second.stop()


def test_the_listen_address_and_the_sockets_mode_come_from_the_configuration(start):
    server = Server()
    path = server.directory / ("a-long-name-" * 6) / ("another-" * 8) / "milter.sock"
    path.parent.mkdir(parents=True)
    for directory in (path.parent.parent, path.parent):
        directory.chmod(0o777)
    assert len(str(path)) > 107
    server.configure(listen={"listen": f"local:{path}", "socket_mode": 0o640})
    server.start(listen="-")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    server.stop()
    assert not path.exists()


def test_privileges_are_dropped_once_the_socket_is_open():
    user = USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    server = Server(drops_privileges=True, user=user)
    if os.geteuid() == 0:
        server.hand_over()
    server.start()
    wanted = str(pwd.getpwnam(user).pw_uid)
    for pid in (server.process.pid, server.leader_pid(), *server.worker_pids()):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        (ids,) = (line.split()[1:] for line in status if line.startswith("Uid:"))
        assert set(ids) == {wanted}
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    server.terminate()
    assert server.wait() == 0
    assert not (server.directory / "milter.sock").exists()
    server.stop()


def test_a_broken_first_configuration_ends_the_start(start):
    for listen in (None, "-"):
        server = start(wait=False, listen=listen, broken="no such key")
        assert server.wait() == 2
        server.wait_for("configuration.json:1: broken: no such key")
        assert not (server.directory / "milter.sock").exists()


def test_faults_that_fill_pages_are_told_all_the_same(start):
    for listen in (None, "-"):
        server = start(wait=False, listen=listen, broken="no such key" * 20_000)
        assert server.wait() == 2
        server.wait_for("configuration.json:1: broken: no such key")


def test_an_unknown_user_is_told_in_words(start):
    for listen in (None, "-"):
        server = start(wait=False, listen=listen, user="nobody-of-that-name")
        assert server.wait() == 2
        server.wait_for("there is no user 'nobody-of-that-name'")
        assert not any("Traceback" in line for line in server.lines)


def test_workers_that_do_not_come_up_end_the_start(start):
    server = start(wait=False, fails_to_start=True)
    assert server.wait() == 75
    server.wait_for("this engine cannot be made")


def test_reloading_under_load_fails_no_message(start):
    server = start()
    with Load(server.address, 8) as load:
        for reloads in range(1, 6):
            load.wait_for_answers(50)
            server.hang_up()
            server.wait_for("event=generation.ready", reloads + 1)
        load.wait_for_answers(50)
    assert load.errors == []
    server.wait_for("event=generation.retired", 5)
    assert len(server.worker_pids()) == 2


def test_an_open_session_survives_a_reload(start):
    server = start()
    client = greet(server.address)
    client.mail()
    client.rcpt()
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    client.header(b"From", b" a")
    assert final(client.end()) == b"c"
    assert final(client.message()) == b"c"
    old = server.told_of(client)["pid"]
    client.quit()
    server.wait_for(f"event=worker.retired pid={old} status=0")


def test_a_broken_configuration_keeps_the_old_workers(start):
    server = start()
    before = server.worker_pids()
    server.configure(broken="a typing error")
    with Load(server.address, 4) as load:
        load.wait_for_answers(20)
        server.hang_up()
        refused = server.wait_for("event=generation.refused")[0]
        load.wait_for_answers(20)
    assert "a typing error" in refused
    assert load.errors == []
    assert server.worker_pids() == before
    status = wait_until(
        lambda: (found := read_status(status_path(server))) and found["reloads"] == 2 and found, "the status"
    )
    assert status["state"] == "serving"
    assert status["last_reload"]["is_good"] is False
    assert "a typing error" in status["last_reload"]["errors"][0]
    server.configure(workers=1)
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    server.wait_for("event=generation.retired")
    assert len(server.worker_pids()) == 1


def test_workers_of_a_new_generation_that_do_not_come_up_keep_the_old(start):
    server = start()
    before = server.worker_pids()
    server.configure(fails_to_start=True)
    server.hang_up()
    server.wait_for("event=generation.refused")
    assert final(greet(server.address).message()) == b"c"
    assert server.worker_pids()[:2] == before


def test_a_configuration_that_hangs_is_given_up(start):
    server = start(workers=1, load_timeout_s=1.0)
    before = server.worker_pids()
    server.configure(hangs=True)
    server.hang_up()
    assert "not loaded within 1 s" in server.wait_for("event=generation.refused")[0]
    assert server.worker_pids() == before
    server.configure(workers=1)
    server.hang_up()
    server.wait_for("event=generation.ready", 2)


def test_sigterm_lets_open_sessions_end(start):
    server = start(workers=1)
    client = greet(server.address)
    client.mail()
    client.rcpt()
    server.terminate()
    wait_until(lambda: not (server.directory / "milter.sock").exists(), "the socket's end")
    with pytest.raises(OSError):
        Client(server.address)
    assert server.process.poll() is None
    client.header(b"From", b" a")
    assert final(client.end()) == b"c"
    assert server.told_of(client)["outcome"] == "evaluated"
    client.quit()
    assert server.wait() == 0
    server.wait_for_told(closed=server.told_of(client)["pid"])


def test_sigterm_does_not_wait_for_ever(start):
    server = start(workers=1, stop_timeout_s=0.5)
    client = greet(server.address)
    server.terminate()
    assert server.wait() == 0
    with pytest.raises((EOFError, OSError)):
        client.message()


def test_sigint_to_the_whole_group_is_like_sigterm(start):
    server = start(workers=1)
    client = greet(server.address)
    client.mail()
    client.rcpt()
    for pid in (server.process.pid, server.leader_pid(), *server.worker_pids()):
        os.kill(pid, signal.SIGINT)
    server.wait_for("event=supervisor.stopping")
    assert final(client.end()) == b"c"
    client.quit()
    assert server.wait() == 0


def test_signals_to_a_worker_do_not_disturb_it(start):
    server = start(workers=1)
    client = greet(server.address)
    pid = server.worker_pids()[0]
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        os.kill(pid, number)
        assert final(client.message()) == b"c"
    assert server.told_of(client)["pid"] == pid
    assert (server.directory / "milter.sock").exists()
    assert final(greet(server.address).message()) == b"c"


def test_systemd_is_told(start):
    with Scratch() as directory, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = directory / "notify"
        manager.bind(str(path))
        path.chmod(0o777)
        manager.settimeout(30)
        server = start(environment={"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "400000"})
        _hear(manager, "READY=1")
        _hear(manager, "WATCHDOG=1")
        server.hang_up()
        heard = _hear(manager, "READY=1")
        assert "RELOADING=1" in heard
        assert any(line.startswith("MONOTONIC_USEC=") for line in heard)
        server.configure(broken="yes")
        server.hang_up()
        _hear(manager, "RELOADING=1")
        _hear(manager, "READY=1")
        server.terminate()
        _hear(manager, "STOPPING=1")
        assert server.wait() == 0


def _hear(manager: socket.socket, until: str) -> list[str]:
    heard: list[str] = []
    while until not in heard:
        heard += manager.recv(4096).decode().splitlines()
    return heard


def test_the_status_file_shows_the_workers(start):
    server = start()
    client = greet(server.address)
    client.message()

    def shown():
        status = read_status(status_path(server))
        workers = status["generations"][0]["workers"] if status and status["generations"] else []
        counted = sum(worker["sessions"] for worker in workers) == sum(worker["messages"] for worker in workers) == 1
        return status if counted else None

    status = wait_until(shown, "the session in the status file")
    assert status["listen"] == server.address
    assert status["pid"] == server.process.pid
    assert status["written_s"] <= time.time()
    assert [generation["state"] for generation in status["generations"]] == ["serving"]
    assert json.loads(status_path(server).read_text()) is not None
