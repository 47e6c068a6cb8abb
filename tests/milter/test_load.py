"""Many sessions at once, with pauses between the commands: libmilter moves each from thread to thread."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.mailhost.world import World
from tests.milter.client import Client, final
from tests.milter.filter import deliver, letters, running_filter

SESSIONS = 40
ROUNDS = 60
LONGEST_PAUSE_S = 0.02


class Sender(threading.Thread):
    """One client after the other, each with a session of its own."""

    def __init__(self, address: str, send, seed: int) -> None:
        super().__init__()
        self.address = address
        self.send = send
        self.pauses = random.Random(seed)  # noqa: S311 - only pauses
        self.answers: list[tuple[int, list[tuple[bytes, bytes]]]] = []
        self.error = ""

    def run(self) -> None:
        try:
            for number in range(ROUNDS):
                self._session(number)
        except (OSError, EOFError) as error:
            self.error = repr(error)

    def _session(self, number: int) -> None:
        client = Client(self.address)
        self._pause()
        self.send(client, number, self._pause)
        self.answers.append((number, client.received))
        client.quit()

    def _pause(self) -> None:
        time.sleep(self.pauses.random() * LONGEST_PAUSE_S)


def run_senders(address: str, send) -> list[Sender]:
    senders = [Sender(address, send, seed) for seed in range(SESSIONS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return senders


def check_answers(senders: list[Sender]) -> None:
    assert [sender.error for sender in senders if sender.error] == []
    assert sum(len(sender.answers) for sender in senders) == SESSIONS * ROUNDS
    assert {final(answers) for sender in senders for _, answers in sender.answers} == {b"c"}


def send_plain(client: Client, _number: int, pause) -> None:
    client.connect()
    pause()
    client.helo()
    pause()
    client.mail()
    pause()
    client.rcpt()
    client.header(b"From", b" a@example.com")
    pause()
    client.end()


def test_recording_alone(start):
    server = start()
    pids = server.worker_pids()
    check_answers(run_senders(server.address, send_plain))
    assert server.worker_pids() == pids


@pytest.fixture(scope="module")
def world():
    return World()


def test_every_check_on(world):
    mail = letters(world)

    def send_letter(client: Client, number: int, pause) -> None:
        letter = mail[number % len(mail)]
        client.connect(letter.client.name.encode(), letter.client.address.encode())
        pause()
        client.helo(letter.client.helo.encode())
        pause()
        deliver(client, letter)

    with running_filter(world) as server:
        pids = server.worker_pids()
        senders = run_senders(server.address, send_letter)
        assert server.worker_pids() == pids
    check_answers(senders)
    for sender in senders:
        for number, answers in sender.answers:
            results = next(value for command, value in answers if b"Authentication-Results" in value)
            assert (b"\tdmarc=pass" in results) == (number % len(mail) == 0)
            assert (b"\tarc=pass" in results) == (number % len(mail) == 2)
