# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import resource
import socket

import pytest

from postward.model.milter_socket import UnixSocket
from postward.mta.door import Door, claim_descriptors
from postward.mta.listening import Listener
from postward.mta.open_files import bound_name, count_open, is_listening


@pytest.fixture
def listener(tmp_path):
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as silent:
        server.bind(path)
        server.listen()
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        yield Listener(
            address=UnixSocket(path=path),
            fd=server.fileno(),
            inode=0,
            silent_fd=silent.fileno(),
            takes_long_packets=True,
        )


def is_open(listener):
    return bound_name(listener.fd) == (socket.AF_UNIX, listener.address.path)


def test_shut_while_all_places_are_taken(listener):
    woken = []
    door = Door(listener, count_open() + 8, wake=lambda: woken.append(is_open(listener)))
    assert door.max_sessions == 4
    door.settle(3)
    assert is_open(listener)
    assert not door.has_been_shut()
    door.settle(4)
    assert not is_open(listener)
    assert is_listening(listener.fd)
    assert door.has_been_shut()
    assert not door.has_been_shut()
    door.settle(3)
    assert is_open(listener)
    assert woken == [True]
    door.lock()


def test_shut_while_too_much_is_open_besides(listener):
    door = Door(listener, count_open() + 8, wake=lambda: None)
    others = [os.dup(listener.fd) for _ in range(8)]
    door.look()
    assert not is_open(listener)
    for fd in others:
        os.close(fd)
    door.settle(0)
    assert not is_open(listener)
    door.look()
    assert is_open(listener)
    door.lock()


def test_locked_it_stays_shut_and_holds_nothing(listener):
    before = count_open()
    door = Door(listener, before + 8, wake=lambda: None)
    door.settle(4)
    door.lock()
    door.lock()
    door.settle(0)
    door.look()
    assert not is_open(listener)
    assert count_open() == before
    assert door.name == (socket.AF_UNIX, listener.address.path)


def test_one_session_is_taken_however_few_descriptors_there_are(listener):
    door = Door(listener, 3, wake=lambda: None)
    assert door.max_sessions == 1
    door.settle(0)
    assert is_open(listener)
    door.lock()


def test_without_a_listening_socket_there_is_no_door(listener):
    os.close(listener.silent_fd)
    with pytest.raises(RuntimeError, match="the listening socket is gone"):
        Door(
            Listener(address=listener.address, fd=listener.silent_fd, inode=0, silent_fd=-1, takes_long_packets=True),
            9,
            wake=lambda: None,
        )
    os.dup2(listener.fd, listener.silent_fd)


def test_descriptors_are_claimed_up_to_the_hard_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        claimed = claim_descriptors()
        assert claimed == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 512
        assert claim_descriptors() == claimed
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
