# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that gets no thread for a message: it does not pass unfiltered, and the next one is served."""

from __future__ import annotations

import pytest

from tests.mailhost.world import World
from tests.milter.client import Client, final, greet
from tests.milter.filter import running_filter
from tests.milter.process_limits import no_more_processes


@pytest.fixture
def server():
    with running_filter(World(), workers=1, message={"deadline_s": 1}) as one:
        yield one
        while Client.opened:
            Client.opened.pop().socket.close()


def test_the_message_is_deferred(server):
    """Not even the failure action can be worked out, which would take away what the message says in our name."""
    (pid,) = server.worker_pids()
    with no_more_processes(pid):
        answers = greet(server.address).message()
        assert answers == [(b"y", b"451 4.7.1 Service unavailable - try again later\0")]
        server.wait_for("event=message.no_fallback")
    assert final(greet(server.address).message()) == b"c"
    verdicts = server.wait_for("event=message.verdict", 2)
    assert ["action=error" in line for line in verdicts] == [True, False]
    assert server.worker_pids() == [pid]
