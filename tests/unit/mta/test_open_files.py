# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import threading

import pytest

from postward.mta.open_files import bound_name, count_accepted, is_listening, open_sockets


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


def accepted(listener: socket.socket) -> tuple[socket.socket, socket.socket]:
    client = socket.create_connection(listener.getsockname())
    return client, listener.accept()[0]


def test_accepted_connections_are_counted_and_nothing_else(listener):
    name = bound_name(listener.fileno())
    assert name == (socket.AF_INET, listener.getsockname()[1])
    assert count_accepted(name) == 0
    client, server = accepted(listener)
    assert count_accepted(name) == 1
    assert {client.fileno(), server.fileno(), listener.fileno()} <= set(open_sockets())
    client.close()
    assert count_accepted(name) == 1
    server.close()
    assert count_accepted(name) == 0


def test_what_is_closed_has_no_name_and_does_not_listen(listener):
    fd = listener.fileno()
    assert is_listening(fd)
    listener.close()
    assert bound_name(fd) is None
    assert not is_listening(fd)


def test_connections_may_end_while_they_are_counted(listener):
    name = bound_name(listener.fileno())
    enough = threading.Event()

    def open_and_close():
        while not enough.is_set():
            for end in accepted(listener):
                end.close()

    thread = threading.Thread(target=open_and_close)
    thread.start()
    try:
        assert all(count_accepted(name) in {0, 1} for _ in range(500))
    finally:
        enough.set()
        thread.join()
