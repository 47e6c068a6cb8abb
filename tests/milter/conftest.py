# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.mailhost.world import World
from tests.milter.client import Client
from tests.milter.filter import running_filter
from tests.milter.foreign_session import ForeignSession
from tests.milter.server import Server


@pytest.fixture(autouse=True)
def hang_up():
    """Close what a test has opened, however it ended."""
    yield
    close_clients()


def close_clients():
    while Client.opened:
        Client.opened.pop().socket.close()


@pytest.fixture
def start():
    """Start servers that end with the test."""
    servers = []

    def start_one(*, listen=None, wait=True, environment=None, **options):
        server = Server(**options)
        servers.append(server)
        return server.start(listen=listen, wait=wait, environment=environment)

    yield start_one
    close_clients()
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server():
    """One server for all tests of a module that do not disturb it."""
    one = Server()
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def world():
    """Domains with their keys and records, and the letters that come from them."""
    return World()


@pytest.fixture(scope="module")
def milter(world):
    """``postward run`` with every check on, for all tests of a module."""
    with running_filter(world) as running:
        yield running


@pytest.fixture
def session(milter):
    """A session with it of a client that is not ours."""
    with ForeignSession(milter.address) as opened:
        yield opened
