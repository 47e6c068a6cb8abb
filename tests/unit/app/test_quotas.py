# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

import pytest

from postward.app.quotas import open_quotas
from postward.app.redis_target import open_calls
from postward.config import load
from postward.observability.logger import EventLog
from postward.observability.metrics import WorkerMetrics
from tests.mailhost.scratch import Scratch
from tests.redis_servers.single import SingleRedis

LIMITED = "quotas: {login: {messages_per_hour: 5}}\n"


@pytest.fixture
def configured(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return load(path)

    return read


def opened(config, calls):
    return open_quotas(config, calls, EventLog(), WorkerMetrics(), workers=2)


def test_where_nothing_is_limited_nothing_is_opened(configured):
    before = set(threading.enumerate())
    assert opened(configured("redis: {url: null}\n"), None) is None
    assert set(threading.enumerate()) <= before


def test_without_redis_no_thread_is_needed(configured):
    before = set(threading.enumerate())
    stage = opened(configured(f"redis: {{url: null}}\n{LIMITED}"), None)
    assert set(threading.enumerate()) <= before
    stage.close()


def test_closed_it_leaves_no_thread(configured):
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        config = configured(f"redis: {{url: '{server.url}'}}\n{LIMITED}")
        calls = open_calls(config)
        before = set(threading.enumerate())
        stage = opened(config, calls)
        threads = [thread for thread in threading.enumerate() if thread not in before]
        assert [thread.name for thread in threads] == ["quota endings"]
        stage.close()
        assert not threads[0].is_alive()
        calls.close()
