# SPDX-License-Identifier: GPL-3.0-or-later
"""A Redis that fails in every way there is: mail goes on, soon, and says what could not be looked up."""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest

from tests.mailhost.letters import genuine
from tests.mailhost.scratch import Scratch
from tests.mailhost.world import World
from tests.milter.filter import running_filter
from tests.milter.foreign_session import ForeignSession, added
from tests.redis_servers.cluster import ClusterRedis
from tests.redis_servers.node import PATIENCE_S
from tests.redis_servers.proxy import SlowProxy
from tests.redis_servers.sentinel import SentinelRedis
from tests.redis_servers.single import SingleRedis

MESSAGES = 5
LONGEST_S = 8.0
"""For all of them.  What redis-py does by itself takes a minute, and what Postward bounds takes 0.15 s for each."""


@contextmanager
def down(server, _proxy):
    server.kill()
    yield
    server.start()


@contextmanager
def hung(server, _proxy):
    server.hang()
    yield
    server.go_on()


@contextmanager
def refusing(server, _proxy):
    """It wants a password all at once."""
    with server.client() as client:
        client.execute_command("CONFIG SET", "requirepass", "changed")
        client.execute_command("AUTH", "changed")
        client.execute_command("CLIENT KILL", "TYPE", "normal", "SKIPME", "yes")
        yield
        client.execute_command("CONFIG SET", "requirepass", "")


@contextmanager
def dripping(_server, proxy):
    proxy.drips, proxy.delay_s = True, 0.1
    yield
    proxy.drips, proxy.delay_s = False, 0.0


@contextmanager
def breaking_off(_server, proxy):
    proxy.breaks_off = True
    yield
    proxy.breaks_off = False


@contextmanager
def speaking_http(_server, proxy):
    proxy.says = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbad"
    yield
    proxy.says = b""


@contextmanager
def slow(_server, proxy):
    proxy.delay_s = 0.1
    yield
    proxy.delay_s = 0.0


@contextmanager
def read_only(server, _proxy):
    server.ask("REPLICAOF", "127.0.0.1", "1")
    yield
    server.ask("REPLICAOF", "NO", "ONE")


@contextmanager
def full(server, _proxy):
    server.ask("CONFIG SET", "maxmemory", "1")
    yield
    server.ask("CONFIG SET", "maxmemory", "0")


@contextmanager
def flushed(server, _proxy):
    server.ask("FLUSHALL")
    server.ask("SCRIPT FLUSH")
    yield


ON_THE_WAY = [dripping, breaking_off, speaking_http, slow]
SILENT = [down, hung, refusing, dripping, breaking_off, speaking_http]
FAULTS = [*SILENT, slow, read_only, full, flushed]


class Sender:
    """Sends messages of a domain that passes every check."""

    def __init__(self, server, world):
        self.server, self.letter = server, genuine(world)
        self.sent = 0

    def send(self):
        """Send one; returns X-Spam-Status, how long the end of the message took, and the last answer."""
        self.sent += 1
        with ForeignSession(self.server.address) as session:
            session.greet(self.letter)
            before_s = time.monotonic()
            answers = session.deliver(self.letter, f"q{self.sent}")
            took_s = time.monotonic() - before_s
        return added(answers, "X-Spam-Status"), took_s, answers[-1][0]

    def until_looked_up(self):
        """Send until reputation is looked up again: after its pause Redis is asked."""
        deadline_s = time.monotonic() + 2 * PATIENCE_S
        while is_missing(self.send()[0]):
            assert time.monotonic() < deadline_s, "Redis is not asked again"
            time.sleep(0.2)


def is_missing(status):
    return "reputation" in status.partition("not_checked=")[2]


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture
def redis_server():
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def sender(world):
    """Makes one for a Postward with that Redis."""
    opened = []

    def make(url):
        opened.append(running_filter(world, workers=1, redis={"url": url}))
        made = Sender(opened[-1].__enter__(), world)
        made.until_looked_up()
        return made

    yield make
    for one in opened:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("fault", FAULTS)
def test_mail_goes_on_and_says_what_is_missing(redis_server, sender, fault):
    with SlowProxy(redis_server.port) as proxy:
        one = sender(proxy.url if fault in ON_THE_WAY else redis_server.url)
        with fault(redis_server, proxy):
            found = [one.send() for _ in range(MESSAGES)]
            if fault in {read_only, full, flushed}:
                # What is there can be read.
                one.until_looked_up()
        assert {answer for _, _, answer in found} == {"c"}
        assert sum(took_s for _, took_s, _ in found) < LONGEST_S
        if fault in SILENT:
            assert all(is_missing(status) for status, _, _ in found)
        one.until_looked_up()


@pytest.mark.parametrize("servers_of", [SentinelRedis, ClusterRedis])
def test_mail_goes_on_while_a_master_is_replaced(sender, servers_of):
    with Scratch() as folder, servers_of(folder / "redis") as servers:
        one = sender(servers.url)
        servers.masters[0].kill()
        found = [one.send() for _ in range(MESSAGES)]
        assert {answer for _, _, answer in found} == {"c"}
        assert sum(took_s for _, took_s, _ in found) < LONGEST_S
        one.until_looked_up()
