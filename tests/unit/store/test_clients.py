# SPDX-License-Identifier: GPL-3.0-or-later
"""The same for a single server, behind sentinels, and on a cluster."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from redis import exceptions
from redis.crc import key_slot

from postward.model.redis_target import RedisKind, RedisTls
from postward.store.broken import BROKEN
from postward.store.clients import open_client
from postward.store.cluster_slots import SLOTS
from postward.store.redis_failure import FailureKind, failure_kind, is_unsent
from tests.mailhost.scratch import Scratch
from tests.redis_servers.cluster import ClusterRedis
from tests.redis_servers.node import PATIENCE_S
from tests.redis_servers.sentinel import SentinelRedis
from tests.redis_servers.tls import TlsRedis

KEYS = [f"key{number}" for number in range(50)]
COUNT = "return redis.call('INCR', KEYS[1])"


@pytest.fixture
def open_one():
    opened = []

    def open_one(target, timeout_s=PATIENCE_S, connections=1):
        opened.append(open_client(target, timeout_s=timeout_s, connections=connections))
        return opened[-1]

    yield open_one
    for client in opened:
        client.close()


@pytest.fixture
def client(redis_group, open_one):
    return open_one(redis_group.target)


def run(client, *commands, raise_on_error=True):
    pipeline = client.pipeline()
    for command in commands:
        pipeline.execute_command(*command)
    return pipeline.execute(raise_on_error)


def until_answered(ask):
    """What an operator waits for after a server has gone: somebody takes its place."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ask()
        except BROKEN:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.05)


def test_commands(client):
    for key in KEYS:
        assert client.execute_command("GET", key) is None
        client.execute_command("SET", key, key.encode(), "PX", 60_000)
    assert [client.execute_command("GET", key) for key in KEYS] == [key.encode() for key in KEYS]


def test_answers_of_a_pipeline_come_in_order(client):
    run(client, *(("SET", key, number) for number, key in enumerate(KEYS)))
    answers = run(client, *(command for key in KEYS for command in (("INCR", key), ("GET", key), ("GET", "none"))))
    assert answers[::3] == list(range(1, len(KEYS) + 1))
    assert answers[1::3] == [str(number).encode() for number in range(1, len(KEYS) + 1)]
    assert set(answers[2::3]) == {None}


def test_a_pipeline_may_be_used_again_and_be_empty(client):
    pipeline = client.pipeline()
    assert pipeline.execute() == []
    pipeline.execute_command("SET", "a", "1")
    assert pipeline.execute() == [True]
    pipeline.execute_command("GET", "a")
    assert pipeline.execute() == [b"1"]


def test_one_command_that_is_wrong_does_not_spoil_the_others(client):
    client.execute_command("SET", "a", "1")
    one, wrong, other = run(client, ("GET", "a"), ("LPUSH", "a", "x"), ("GET", "a"), raise_on_error=False)
    assert (one, other) == (b"1", b"1")
    assert isinstance(wrong, exceptions.ResponseError)
    assert failure_kind(wrong) is None
    with pytest.raises(exceptions.ResponseError, match="WRONGTYPE"):
        run(client, ("GET", "a"), ("LPUSH", "a", "x"))
    assert client.execute_command("GET", "a") == b"1"


def test_scripts(client):
    (digest,) = {master.execute_command("SCRIPT LOAD", COUNT) for master in client.masters()}
    digest = digest.decode() if isinstance(digest, bytes) else digest
    assert run(client, *(("EVALSHA", digest, 1, key) for key in KEYS)) == [1] * len(KEYS)
    assert run(client, *(("EVAL", COUNT, 1, key.encode()) for key in KEYS)) == [2] * len(KEYS)
    for master in client.masters():
        master.execute_command("SCRIPT FLUSH")
    answers = run(client, ("EVALSHA", digest, 1, "a"), raise_on_error=False)
    assert isinstance(answers[0], exceptions.NoScriptError)


def test_the_masters_have_all_keys(client):
    run(client, *(("SET", key, "1") for key in KEYS))
    found = [key for master in client.masters() for key in master.execute_command("KEYS", "*")]
    assert sorted(found) == sorted(key.encode() for key in KEYS)


@pytest.mark.parametrize("key", ["a\r\nFLUSHALL\r\n", "{", "}{", "{}a", "{a}b", "\x00", "ü", "a" * 100_000, ""])
def test_keys_are_octets_and_nothing_more(client, key):
    client.execute_command("SET", key, "1")
    assert client.execute_command("GET", key) == b"1"
    assert client.execute_command("GET", key.encode()) == b"1"


def test_threads_share_a_client(redis_group, open_one):
    client = open_one(redis_group.target, connections=8)
    failures = []

    def count():
        try:
            for _ in range(50):
                run(client, *(("INCR", key) for key in KEYS[:5]))
        except BROKEN as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert run(client, *(("GET", key) for key in KEYS[:5])) == [b"400"] * 5


def test_a_thread_that_waits_can_be_cut_off(redis_group, client):
    client.execute_command("SET", "a", "1")
    masters = redis_group.masters
    for master in masters:
        master.hang()
    outcome = []
    # Nobody knows whether the thread waits already: it is cut until it is told.
    thread = threading.Thread(target=lambda: outcome.append(_failure(client)))
    thread.start()
    try:
        while thread.is_alive():
            client.cut()
            thread.join(0.05)
    finally:
        for master in masters:
            master.go_on()
    assert isinstance(outcome[0], BROKEN)
    assert until_answered(lambda: client.execute_command("GET", "a")) == b"1"


def _failure(client):
    try:
        return client.execute_command("GET", "a")
    except BROKEN as error:
        return error


def test_tls_in_both_directions(open_one):
    with Scratch() as folder, TlsRedis(folder) as server:
        assert open_one(server.target).execute_command("PING")
        for tls in (RedisTls(), RedisTls(ca_file=server.target.tls.ca_file), None):
            with pytest.raises(BROKEN) as caught:
                open_one(replace(server.target, tls=tls)).execute_command("PING")
            assert failure_kind(caught.value) is FailureKind.CONNECTION


def test_what_was_certainly_not_sent(tmp_path, redis_groups, open_one):
    target = redis_groups("single").target
    for gone in (
        replace(target, nodes=(("127.0.0.1", 1),)),
        replace(target, nodes=(), socket_path=f"{tmp_path}/none.sock"),
        replace(target, kind=RedisKind.SENTINEL, nodes=(("127.0.0.1", 1),), service="x"),
        replace(target, kind=RedisKind.CLUSTER, nodes=(("127.0.0.1", 1),)),
    ):
        with pytest.raises(BROKEN) as caught:
            open_one(gone).execute_command("GET", "a")
        assert is_unsent(caught.value)
        assert failure_kind(caught.value) is FailureKind.CONNECTION
    assert not is_unsent(exceptions.ConnectionError("Connection closed by server."))
    assert not is_unsent(exceptions.TimeoutError())


def test_sentinels_that_do_not_answer_are_passed_over(open_one):
    with Scratch() as folder, SentinelRedis(folder) as servers:
        servers.sentinels[0].hang()
        client = open_one(servers.target, timeout_s=2)
        assert client.execute_command("SET", "a", "1")
        servers.sentinels[0].go_on()


def test_behind_sentinels_the_new_master_is_found(open_one):
    with Scratch() as folder, SentinelRedis(folder) as servers:
        client = open_one(servers.target, timeout_s=2)
        client.execute_command("SET", "a", "1")
        old = servers.master
        # The replica has it by then.
        with servers.admin() as admin:
            admin.wait(1, 20_000)
        servers.failover()
        # Until it is told that it is one no more, the old one takes what is written, and loses it.
        servers.settle()
        assert until_answered(lambda: client.execute_command("SET", "b", "1"))
        assert client.execute_command("GET", "a") == b"1"
        with servers.master.client() as new:
            assert (new.get("b"), servers.master is old) == (b"1", False)
        servers.master.kill()
        assert until_answered(lambda: client.execute_command("GET", "a")) == b"1"
        assert servers.master is old


def test_on_a_cluster_a_new_master_is_found_and_others_are_not_harmed(open_one):
    with Scratch() as folder, ClusterRedis(folder) as servers:
        client = open_one(servers.target, timeout_s=2)
        run(client, *(("SET", key, "1") for key in KEYS))
        for master in servers.masters:
            with master.client() as each:
                each.wait(1, 20_000)
        servers.failover(KEYS[0])
        assert run(client, *(("INCR", key) for key in KEYS)) == [2] * len(KEYS)
        gone = servers.master_of(KEYS[0])
        lost = [key for key in KEYS if servers.master_of(key) is gone]
        for master in servers.masters:
            with master.client() as each:
                each.wait(1, 20_000)
        gone.kill()
        answers = run(client, *(("GET", key) for key in KEYS), raise_on_error=False)
        assert [key for key, answer in zip(KEYS, answers, strict=True) if isinstance(answer, BROKEN)] == lost
        assert until_answered(lambda: run(client, *(("GET", key) for key in KEYS))) == [b"2"] * len(KEYS)
        assert len(client.masters()) == 3


def test_on_a_cluster_no_command_is_done_twice_while_it_changes(open_one):
    with Scratch() as folder, ClusterRedis(folder) as servers:
        client = open_one(servers.target, timeout_s=2)
        ending = threading.Event()
        sent, counted = [0], [0]

        def count():
            while not ending.is_set():
                sent[0] += len(KEYS)
                try:
                    answers = run(client, *(("INCR", key) for key in KEYS), raise_on_error=False)
                except BROKEN:
                    continue
                counted[0] += sum(isinstance(answer, int) for answer in answers)

        thread = threading.Thread(target=count)
        thread.start()
        try:
            for _ in range(3):
                servers.failover(KEYS[0])
        finally:
            ending.set()
            thread.join()
        with servers.admin() as admin:
            total = sum(int(admin.get(key)) for key in KEYS)
    # A master that gives its place up hands over all that it has answered.
    assert counted[0] <= total <= sent[0]


def test_a_slot_on_its_way_to_another_master(redis_groups, open_one):
    servers = redis_groups("cluster")
    client = open_one(servers.target)
    key = "moving"
    client.execute_command("SET", key, "1")
    old = servers.master_of(key)
    new = next(master for master in servers.masters if master is not old)
    slot = key_slot(key.encode()) % SLOTS
    ids = {node.port: str(node.ask("CLUSTER MYID"), "ascii") for node in (old, new)}
    new.ask("CLUSTER SETSLOT", slot, "IMPORTING", ids[old.port])
    old.ask("CLUSTER SETSLOT", slot, "MIGRATING", ids[new.port])
    old.ask("MIGRATE", "127.0.0.1", new.port, key, 0, 20_000)
    assert client.execute_command("INCR", key) == 2
    for node in (new, old):
        node.ask("CLUSTER SETSLOT", slot, "NODE", ids[new.port])
    assert run(client, ("INCR", key), ("GET", key)) == [3, b"3"]
    servers.settle()
    assert servers.master_of(key) is new
