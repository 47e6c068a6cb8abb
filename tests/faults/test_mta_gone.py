# SPDX-License-Identifier: GPL-3.0-or-later
"""The MTA breaks the connection off, at every stage of a message: nothing is left of it, and nothing is accepted."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from postward.mta.status import read_status
from tests.mailhost.world import World
from tests.milter.client import (
    MAX_CHUNK_BYTES,
    NR_BODY,
    NR_CONN,
    NR_HDR,
    NR_HELO,
    NR_MAIL,
    NR_RCPT,
    STEPS,
    Client,
)  # fmt: skip
from tests.milter.filter import running_filter
from tests.milter.server import wait_until

SLOW = {"timeout_s": 0.5, "tries": 1, "failure_ttl_s": 0}
SPOOLED = {"body_memory_bytes": 65_536}
PIECES = 4
ROUNDS = 3
PASSES = 5
ANSWERED_STEPS = STEPS & ~(NR_CONN | NR_HELO | NR_MAIL | NR_RCPT | NR_HDR | NR_BODY)
"""Each step is answered, so that it is known to have been read before the end."""


def nothing(_client):
    pass


def half_a_packet(client):
    client.socket.sendall(b"\0\0\1")


def connect(client):
    client.connect()


def helo(client):
    connect(client)
    client.helo()


def mail(client):
    """Its domain's name server is silent, so that the message waits at its end."""
    helo(client)
    client.mail(b"<somebody@slow.example>")


def rcpt(client):
    mail(client)
    client.rcpt()


def header(client):
    rcpt(client)
    client.header(b"From", b" somebody@slow.example")
    client.header(b"DKIM-Signature", b" v=1; a=rsa-sha256; d=slow.example; s=s1; h=from; bh=; b=")


def body(client):
    """Beyond what is kept in memory."""
    header(client)
    client.end_of_header()
    for _ in range(PIECES):
        client.body(b"x" * MAX_CHUNK_BYTES)


def end(client):
    """Nobody is there any more when the answer has been found."""
    body(client)
    client.send(b"E")


def answer(client):
    """The first of several parts has come."""
    end(client)
    client.receive()


STAGES = [nothing, half_a_packet, connect, helo, mail, rcpt, header, body, end, answer]
WITH_A_MESSAGE = 5
"""From rcpt on there is one, which is told as given up."""


@pytest.fixture(scope="module")
def server():
    with running_filter(World(), workers=1, dns=SLOW, message=SPOOLED) as one:
        yield one


@pytest.fixture(scope="module")
def worker(server):
    """The worker, after it has made the threads that it keeps."""
    for stage in STAGES:
        break_off(server, stage)
    wait_until(lambda: len(verdicts(server)) == len(STAGES) - WITH_A_MESSAGE, "the verdicts of the first round")
    (pid,) = server.worker_pids()
    return pid


def break_off(server, stage):
    client = Client(server.address, steps=ANSWERED_STEPS)
    with suppress(EOFError, ConnectionError):
        stage(client)
    client.socket.close()
    Client.opened.remove(client)


def wait_until_none_is_counted(server):
    """Wait for a status of after this, with no session in it."""
    path, asked_s = server.directory / "milter.sock.status.json", time.time()

    def is_so():
        status = read_status(path)
        workers = status["generations"][0]["workers"] if status and status["written_s"] > asked_s else []
        return workers and sum(worker["sessions"] for worker in workers) == 0

    wait_until(is_so, "a status without sessions")


def descriptors(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def threads(pid):
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def verdicts(server):
    return [line for line in server.lines if "event=message.verdict" in line]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__.replace("_", "-"))
def test_nothing_is_left_of_it(server, worker, stage):
    told, open_before = len(verdicts(server)), descriptors(worker)
    for _ in range(ROUNDS):
        break_off(server, stage)
    wait_until(lambda: descriptors(worker) <= open_before, "the end of all that was opened")
    if STAGES.index(stage) >= WITH_A_MESSAGE:
        wait_until(lambda: len(verdicts(server)) == told + ROUNDS, "the verdicts")
    assert stage is answer or all(" action=aborted " in line for line in verdicts(server)[told:])
    assert server.worker_pids() == [worker]


def test_no_thread_and_no_session_is_left_either(server, worker):
    """Some are kept for later, as many as have been busy at the same time; one for each session would be 50."""
    before = threads(worker)
    for stage in STAGES * PASSES:
        break_off(server, stage)
    wait_until_none_is_counted(server)
    assert threads(worker) < before + len(STAGES)
    assert not any("Traceback" in line for line in server.lines)
