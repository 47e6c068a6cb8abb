# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import select
import socket

import pytest

from postward.mta.managed_redis.probe import Probe

PATIENCE_S = 20


@pytest.fixture
def listening(tmp_path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(f"{tmp_path}/sock")
        one.listen(1)
        yield one


@pytest.fixture
def probe(listening):
    one = Probe(listening.getsockname())
    yield one
    one.close()


def answers(probe):
    assert select.select([probe], [], [], PATIENCE_S)[0]
    return probe.answers()


def test_each_question_is_sent_and_each_answer_is_a_line(probe, listening):
    assert probe.ask()
    server, _ = listening.accept()
    with server:
        assert server.recv(100) == b"PING\r\n"
        server.sendall(b"+PONG\r\n-LOADING Redis")
        assert answers(probe) == [b"+PONG"]
        assert probe.answers() == []
        server.sendall(b" is loading\r\n")
        assert answers(probe) == [b"-LOADING Redis is loading"]


def test_a_connection_that_ends_is_made_anew(probe, listening):
    probe.ask()
    listening.accept()[0].close()
    assert answers(probe) == []
    assert probe.fileno() == -1
    assert probe.ask()
    listening.accept()[0].close()


def test_an_answer_without_end_takes_no_room(probe, listening):
    probe.ask()
    server, _ = listening.accept()
    with server:
        for _ in range(100):
            server.sendall(b"x" * 1024)
            assert answers(probe) == []
        server.sendall(b"\r\n")
        assert len(answers(probe)[0]) <= 2048


def test_where_nobody_listens_there_is_no_answer(tmp_path):
    probe = Probe(f"{tmp_path}/nobody")
    assert not probe.ask()
    assert probe.answers() == []
