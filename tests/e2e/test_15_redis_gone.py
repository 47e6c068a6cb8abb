# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis trouble is no mail trouble, and the Redis that Postward keeps comes back by itself with what it knew."""

from __future__ import annotations

import os
import signal
import time

import pytest
import redis

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import genuine


@pytest.fixture(scope="module")
def host():
    with MailHost(settings={"reputation": {"enabled": True}}) as running:
        yield running


def passes(host):
    return Delivered(host.deliver(genuine(host.world))).results("dmarc") == ["pass"]


def test_mail_flows_without_redis(host):
    assert passes(host)
    host.redis.stop()
    assert passes(host)
    host.redis.start()
    assert passes(host)


def test_killed_it_comes_back_with_what_it_knew(host):
    first = host.redis.pid
    with redis.Redis.from_url(host.redis.url, socket_timeout=60) as client:
        client.set("kept", "yes")
        # While the file is flushed, which takes long on a busy disk, what comes is kept back for up to two seconds.
        while client.info("persistence")["aof_buffer_length"]:
            time.sleep(0.05)
    os.kill(first, signal.SIGKILL)
    assert passes(host)
    host.postward.wait_for_status(lambda status: status["redis"]["pid"] not in {0, first})
    assert host.redis.pid != first
    with redis.Redis.from_url(host.redis.url, socket_timeout=60) as client:
        assert client.get("kept") == b"yes"


def test_commands_tell_how_it_stands(host):
    pid = host.redis.pid
    done = host.postward.run("status", "--config", str(host.postward.configuration))
    assert done.returncode == 0, done.stdout
    assert f"Redis of its own, process {pid}: serving" in done.stdout
    done = host.postward.run("check", "--config", str(host.postward.configuration))
    assert "redis: Postward's own Redis answers" in done.stdout


def test_a_reload_leaves_it_alone_and_a_restart_keeps_what_it_knew(host):
    first = host.redis.pid
    host.postward.reload()
    assert host.redis.pid == first
    with redis.Redis.from_url(host.redis.url, socket_timeout=60) as client:
        client.set("old", "yes")
    assert host.postward.stop() == 0
    host.postward.start()
    assert host.redis.pid != first
    with redis.Redis.from_url(host.redis.url, socket_timeout=60) as client:
        assert client.get("old") == b"yes"
    assert passes(host)
