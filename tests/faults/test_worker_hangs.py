# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that does nothing any more is killed and replaced; its sessions end, and the MTA does as it was told to."""

from __future__ import annotations

import pytest

from tests.mailhost.stopped import hang
from tests.milter.client import Client, final, greet
from tests.milter.server import Server


@pytest.fixture
def server():
    one = Server(workers=2, settings={"heartbeat_timeout_s": 5.0})
    yield one.start()
    while Client.opened:
        Client.opened.pop().socket.close()
    one.stop()


def test_a_stopped_worker_is_killed(server):
    client = greet(server.address)
    client.message()
    victim = server.told_of(client)["pid"]
    client.mail()
    hang(victim)
    client.rcpt()
    with pytest.raises((EOFError, OSError)):
        client.end()
    (line,) = server.wait_for("event=worker.killed")
    assert f"pid={victim} " in line
    assert "no heartbeat" in line
    server.wait_for("event=worker.started", 3)
    assert final(greet(server.address).message()) == b"c"
    assert victim not in server.worker_pids()
