# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sessions at once, with pauses between the commands: libmilter moves each from thread to thread."""

from __future__ import annotations

import random
import threading
import time

import miltertest
import pytest
from miltertest.codec import MilterProtoError

from tests.mailhost.world import World
from tests.milter.client import Client, final
from tests.milter.filter import letters, running_filter
from tests.milter.foreign_session import Answer, ForeignSession, added

SESSIONS = 40
ROUNDS = 60
LONGEST_PAUSE_S = 0.02


class Sender(threading.Thread):
    """One client after the other, each with a session of its own, in which ``send`` returns the answers."""

    def __init__(self, address: str, send, seed: int) -> None:
        super().__init__()
        self.address = address
        self.send = send
        self.pauses = random.Random(seed)
        self.answers: list[tuple[int, list]] = []
        self.error = ""

    def run(self) -> None:
        try:
            for number in range(ROUNDS):
                self.answers.append((number, self.send(self.address, number, self._pause)))
        except (OSError, EOFError, miltertest.MilterError, MilterProtoError) as error:
            self.error = repr(error)

    def _pause(self) -> None:
        time.sleep(self.pauses.random() * LONGEST_PAUSE_S)


def run_senders(address: str, send) -> list[Sender]:
    senders = [Sender(address, send, seed) for seed in range(SESSIONS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return senders


def answers_of(senders: list[Sender]) -> list[tuple[int, list]]:
    assert [sender.error for sender in senders if sender.error] == []
    answers = [answer for sender in senders for answer in sender.answers]
    assert len(answers) == SESSIONS * ROUNDS
    return answers


def send_plain(address: str, _number: int, pause) -> list[tuple[bytes, bytes]]:
    client = Client(address)
    pause()
    client.connect()
    pause()
    client.helo()
    pause()
    client.mail()
    pause()
    client.rcpt()
    client.header(b"From", b" a@example.com")
    pause()
    answers = client.end()
    client.quit()
    return answers


def test_recording_alone(start):
    """With our own client, which speaks of macros as an MTA does that was asked for them."""
    server = start()
    pids = server.worker_pids()
    answers = answers_of(run_senders(server.address, send_plain))
    assert {final(each) for _, each in answers} == {b"c"}
    assert server.worker_pids() == pids


@pytest.fixture(scope="module")
def world():
    return World()


def test_every_check_on(world):
    """With a client that is not ours."""
    mail = letters(world)

    def send_letter(address: str, number: int, pause) -> list[Answer]:
        letter = mail[number % len(mail)]
        with ForeignSession(address) as session:
            pause()
            session.connect(letter.client.name, letter.client.address)
            pause()
            session.helo(letter.client.helo)
            pause()
            answers = session.deliver(letter, f"L{number}", pause=pause)
            pause()
            session.quit()
            assert session.is_closed()
        return answers

    with running_filter(world) as server:
        pids = server.worker_pids()
        answers = answers_of(run_senders(server.address, send_letter))
        assert [line for line in server.lines if "level=info" not in line] == []
        assert server.worker_pids() == pids
    for number, each in answers:
        assert each[-1] == (miltertest.SMFIR_CONTINUE, {})
        results = added(each, "Authentication-Results")
        assert ("\tdmarc=pass" in results) == (number % len(mail) == 0)
        assert ("\tarc=pass" in results) == (number % len(mail) == 2)
        assert "temperror" not in results
