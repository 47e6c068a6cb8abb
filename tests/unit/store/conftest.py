# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import threading
from contextlib import ExitStack

import pytest

from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.redis_servers.cluster import ClusterRedis
from tests.redis_servers.sentinel import SentinelRedis
from tests.redis_servers.single import SingleRedis

_GROUPS = {"single": SingleRedis, "sentinel": SentinelRedis, "cluster": ClusterRedis}


@pytest.fixture(scope="session")
def redis_groups():
    """Give the servers of a kind, started when first asked for and shared by all tests: leave them in order."""
    with ExitStack() as stack:
        folder, started = stack.enter_context(Scratch()), {}

        def get(kind):
            if kind not in started:
                started[kind] = stack.enter_context(_GROUPS[kind](folder / kind))
            return started[kind]

        yield get


@pytest.fixture(params=list(_GROUPS))
def redis_group(request, redis_groups):
    """The servers of each kind in turn, empty: ``target``, ``url``, ``masters``, ``admin()``."""
    group = redis_groups(request.param)
    for master in group.masters:
        master.ask("FLUSHALL")
    return group


@pytest.fixture
def redis_kind(redis_group):
    """The target of the servers of each kind in turn."""
    return redis_group.target


@pytest.fixture(scope="module")
def redis_server():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        yield server


@pytest.fixture
def dripping():
    """The URL of a server that answers every client one byte now and then, and what counts its clients."""
    ending = threading.Event()

    def drip(client):
        with client:
            try:
                while not ending.wait(0.05):
                    client.sendall(b"+")
            except OSError:
                return

    def serve():
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=drip, args=(client,), daemon=True))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads = [threading.Thread(target=serve, daemon=True)]
        threads[0].start()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}", lambda: len(threads) - 1
        ending.set()
        listening.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
