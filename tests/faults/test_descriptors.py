# SPDX-License-Identifier: GPL-3.0-or-later
"""More sessions than file descriptors: the surplus waits at no cost, and is served as soon as others end."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import ExitStack, closing, contextmanager

import pytest

from postward.mta.status import read_status
from tests.faults.cpu_time import cpu_s
from tests.milter.client import ACTIONS, STEPS, Client, final
from tests.milter.server import Server, wait_until

DESCRIPTORS = 40
CONNECTIONS = 60
OFFER = struct.pack(">IcIII", 13, b"O", 6, ACTIONS, STEPS)


class ShortServer(Server):
    """Its processes may have few descriptors each, until they ask for ``hard``."""

    hard = DESCRIPTORS

    def command(self, listen: str) -> list[str]:
        return ["prlimit", f"--nofile={DESCRIPTORS}:{self.hard}", *super().command(listen)]


class ModestServer(ShortServer):
    hard = 20 * DESCRIPTORS


@contextmanager
def running(server):
    try:
        yield server.start()
    finally:
        while Client.opened:
            Client.opened.pop().socket.close()
        server.stop()


@pytest.fixture
def server():
    with running(ShortServer(workers=2)) as one:
        yield one


@pytest.fixture
def connections(server):
    opened = [connect(server) for _ in range(CONNECTIONS)]
    yield opened
    for each in opened:
        each.close()


def connect(server) -> socket.socket:
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(30)
    one.connect(server.address.removeprefix("unix:"))
    return one


def wait_for_beats(server, count: int) -> None:
    """Each worker looks after itself once a second, and so does the supervisor, which then writes the status."""
    path = server.directory / "milter.sock.status.json"
    for _ in range(count):
        last = (read_status(path) or {"written_s": 0.0})["written_s"]
        wait_until(lambda last=last: (found := read_status(path)) and found["written_s"] > last, "another status")


def used_while_waiting(server) -> float:
    """The share of one core that the workers need while nothing can be done."""
    wait_for_beats(server, 2)
    pids = server.worker_pids()
    began_s, before = time.monotonic(), cpu_s(pids)
    wait_for_beats(server, 2)
    return (cpu_s(pids) - before) / (time.monotonic() - began_s)


def test_the_surplus_waits_and_is_served(server, connections):
    pids = server.worker_pids()
    for each in connections:
        each.sendall(OFFER)
    assert used_while_waiting(server) < 0.2
    # The oldest are served, and each that ends lets another in, until all have had their turn.
    for each in connections:
        assert each.recv(5)[4:] == b"O"
        each.close()
    assert final(Client(server.address).message()) == b"c"
    assert server.worker_pids() == pids
    assert "max_sessions=" in server.wait_for("event=worker.full")[0]


def test_what_may_be_asked_for_is_taken():
    """The soft limit is what a shell or a service manager begins with."""
    with running(ModestServer(workers=1)) as server, ExitStack() as opened:
        for each in [opened.enter_context(closing(connect(server))) for _ in range(CONNECTIONS)]:
            each.sendall(OFFER)
            assert each.recv(5)[4:] == b"O"


def test_connections_that_say_nothing_cost_nothing(server, connections):
    pids = server.worker_pids()
    assert used_while_waiting(server) < 0.2
    for each in connections:
        each.close()
    assert final(Client(server.address).message()) == b"c"
    assert server.worker_pids() == pids


def test_a_reload_and_the_end_find_their_way(server, connections):
    """The old workers have no descriptor left, and the new ones take what is waiting."""
    for each in connections:
        each.sendall(OFFER)
    wait_for_beats(server, 2)
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    for each in connections:
        each.close()
    server.wait_for("event=worker.retired", 2)
    assert final(Client(server.address).message()) == b"c"
    assert not any("worker.died" in line for line in server.lines)
