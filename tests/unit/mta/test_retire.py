# SPDX-License-Identifier: GPL-3.0-or-later
"""When a worker that retires is done."""

from __future__ import annotations

import socket

import pytest

from postward.mta.open_files import bound_name
from postward.mta.retire import Retirement
from tests.clock import Clock

TIMEOUT_S = 600.0


class Door:
    def __init__(self, name):
        self.name = name
        self.is_locked = False

    def lock(self):
        self.is_locked = True


@pytest.fixture
def listener(tmp_path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "milter.sock"))
        listening.listen()
        yield listening


@pytest.fixture
def door(listener):
    return Door(bound_name(listener.fileno()))


@pytest.fixture
def session(listener, tmp_path):
    """A connection that the worker has accepted."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "milter.sock"))
        with listener.accept()[0] as accepted:
            yield accepted


def retirement(door, *, sleep=lambda _seconds: None):
    clock = Clock()
    return Retirement(door, timeout_s=TIMEOUT_S, monotonic=clock, sleep=sleep), clock


def test_the_door_is_locked_first(door):
    retirement(door)
    assert door.is_locked


def test_it_lasts_as_long_as_a_session(door, session):
    retiring, _ = retirement(door)
    assert not retiring.is_complete()
    session.close()
    assert retiring.is_complete()


def test_a_connection_that_was_on_its_way_is_seen_at_the_second_look(door, listener, tmp_path):
    late = []

    def sleep(_seconds):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(tmp_path / "milter.sock"))
        late.extend((client, listener.accept()[0]))

    retiring, _ = retirement(door, sleep=sleep)
    assert not retiring.is_complete()
    for end in late:
        end.close()


def test_it_ends_with_its_time_whoever_is_left(door, session):
    retiring, clock = retirement(door)
    clock.now_s += TIMEOUT_S
    assert retiring.is_complete()
    assert session.fileno() >= 0
