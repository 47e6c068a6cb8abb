# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from postward.model.redis_url import parse_redis_url
from postward.store.directory_reader import DirectoryReader, RedisTooMuch, RedisUnreadable
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch

TIMEOUT_S = 20.0
_CUTS = 5_000


@pytest.fixture(scope="module")
def server():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        yield server


@pytest.fixture
def client(server):
    client = redis.Redis.from_url(server.url)
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def read():
    made = []

    def read(url, timeout_s=TIMEOUT_S):
        made.append(DirectoryReader(parse_redis_url(url), prefix="p:", timeout_s=timeout_s, connections=2))
        return made[-1]

    yield read
    for reader in made:
        reader.close()


@pytest.fixture
def answering():
    """A server that answers the first client with what it is given; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(answer):
            client, _ = listening.accept()
            with client:
                client.recv(65_536)
                client.sendall(answer)
                # Until the other side has had enough.
                while client.recv(65_536):
                    client.sendall(answer)

        threads = []

        def start(answer):
            threads.append(threading.Thread(target=serve, args=(answer,), daemon=True))
            threads[-1].start()
            return f"redis://127.0.0.1:{listening.getsockname()[1]}"

        yield start


def test_what_is_there(server, client, read):
    reader = read(server.url)
    client.hset("p:domain:{a.example}", mapping={"tenant": "acme"})
    client.sadd("p:recipients:{a.example}", "alice")
    assert reader.fields("domain", "a.example", 10) == {b"tenant": b"acme"}
    assert reader.members("recipients", "a.example", 10) == [b"alice"]
    assert reader.is_member("recipients", "a.example", ("bob", "alice")) is True
    assert reader.is_member("recipients", "a.example", ("bob",)) is False


def test_what_is_not_there(server, client, read):
    reader = read(server.url)
    assert reader.fields("domain", "a.example", 10) == {}
    assert reader.members("recipients", "a.example", 10) is None
    assert reader.is_member("recipients", "a.example", ("bob",)) is None


def test_more_than_may_be_read_is_told_without_reading_it_all(server, client, read):
    reader = read(server.url)
    client.sadd("p:sender:{alice}", *range(5_000))
    client.hset("p:networks", mapping=dict.fromkeys(range(5_000), "x"))
    assert len(reader.members("sender", "alice", 5_000)) == 5_000
    before = client.info("commandstats")["cmdstat_sscan"]["calls"]
    with pytest.raises(RedisTooMuch):
        reader.members("sender", "alice", 100)
    assert client.info("commandstats")["cmdstat_sscan"]["calls"] - before == 1
    with pytest.raises(RedisTooMuch):
        reader.fields("networks", "", 100)


def test_a_key_of_another_type_is_told(server, client, read):
    reader = read(server.url)
    client.set("p:domain:{a.example}", "x")
    with pytest.raises(RedisUnreadable, match="WRONGTYPE"):
        reader.fields("domain", "a.example", 10)
    with pytest.raises(RedisUnreadable, match="WRONGTYPE"):
        reader.members("domain", "a.example", 10)
    with pytest.raises(RedisUnreadable, match="WRONGTYPE"):
        reader.is_member("domain", "a.example", ("x",))


def test_names_with_line_ends_are_names(server, client, read):
    reader = read(server.url)
    client.sadd("p:sender:{x}", "y")
    assert reader.members("sender", "x}\r\nSMEMBERS p:sender:{x", 10) is None
    assert reader.is_member("sender", "x", ("\r\ny", "y\r\n")) is False


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"*1\r\n" * 2_000 + b":1\r\n", b":x\r\n", b"$-5\r\n"]
)
def test_nonsense_is_a_failure(answering, read, answer):
    with pytest.raises(RedisUnreadable):
        read(answering(answer)).fields("domain", "a.example", 10)


def test_nobody_there(read, tmp_path):
    with pytest.raises(RedisUnreadable):
        read(f"unix://{tmp_path}/no.sock").members("domain", "x", 10)


def test_what_is_asked_while_its_connection_is_cut_is_a_failure(server, client, read):
    """Who closes it does not wait for those whom a server holds; redis-py then finds parts of itself gone."""
    client.hset("p:domain:{example.com}", mapping={"tenant": "acme"})
    # Who is cut between question and answer may wait for what never comes.
    reader = read(server.url, timeout_s=0.5)
    is_over = threading.Event()

    def ask():
        while not is_over.is_set():
            with contextlib.suppress(RedisUnreadable):
                assert reader.fields("domain", "example.com", 10) == {b"tenant": b"acme"}

    interval_s = sys.getswitchinterval()
    # Threads take turns between any two steps, so that so many cuts meet each of them.
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as askers:
            asking = [askers.submit(ask) for _ in range(2)]
            for _ in range(_CUTS):
                reader.close()
            is_over.set()
            for each in asking:
                each.result()
    finally:
        is_over.set()
        sys.setswitchinterval(interval_s)
