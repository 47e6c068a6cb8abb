# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that gets no more memory: the message that wanted it gets the failure action, and the next is served."""

from __future__ import annotations

import pytest

from tests.mailhost.world import World
from tests.milter.client import Client, final, greet
from tests.milter.filter import running_filter
from tests.milter.process_limits import limit_memory
from tests.milter.server import wait_until

LARGE_BODY = (b"x" * 76 + b"\r\n") * 800_000
IN_MEMORY = {"body_memory_bytes": 2**27, "max_body_bytes": 2**27}
ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}
"""Otherwise the C library keeps room for each thread, which counts as address space from the beginning."""
MARGIN_BYTES = 16 * 1024 * 1024
TINY_BYTES = 200 * 1024


@pytest.fixture(scope="module")
def server():
    with running_filter(World(), environment=ONE_ARENA, workers=1, message=IN_MEMORY) as one:
        yield one


@pytest.fixture(autouse=True)
def hang_up():
    yield
    while Client.opened:
        Client.opened.pop().socket.close()


def names(answers) -> dict[bytes, bytes]:
    added = (payload[4:].split(b"\0") for letter, payload in answers if letter == b"i")
    return {name: value for name, value, *_ in added}


def test_a_body_that_memory_has_no_room_for(server):
    (pid,) = server.worker_pids()
    greet(server.address).message()
    limit_memory(pid, MARGIN_BYTES)
    large = greet(server.address)
    answers = large.message(body=LARGE_BODY)
    assert final(answers) == b"c"
    assert b"not checked" in names(answers)[b"Authentication-Results"]
    assert final(large.message()) == b"c"
    verdicts = server.wait_for("event=message.verdict", 3)
    assert [" action=error outcome=failed " in line for line in verdicts] == [False, True, False]
    assert server.worker_pids() == [pid]
    # It is told once, however many pieces of the body could not be kept.
    (line,) = server.wait_for("event=session.failed")
    assert "error=MemoryError" in line


def test_a_worker_that_cannot_go_on_is_replaced(server):
    (pid,) = server.worker_pids()
    limit_memory(pid, TINY_BYTES)
    try:
        greet(server.address).message(body=LARGE_BODY)
    except (OSError, EOFError):
        # Then the MTA does what its milter_default_action says.
        server.wait_for("event=worker.died")
    wait_until(lambda: final(greet(server.address).message()) == b"c", "an answer")
