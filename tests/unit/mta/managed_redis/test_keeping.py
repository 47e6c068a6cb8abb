# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor's side: what it starts, what it logs, and what it tells in the status."""

from __future__ import annotations

import os
import select
import signal
import time

import pytest

from postward.app.managed_redis import find_redis_program
from postward.mta.managed_redis.keeping import RedisKeeping
from postward.mta.managed_redis.settings import ManagedRedisSettings
from postward.observability.logger import EventLog
from tests.mailhost.scratch import Scratch

PATIENCE_S = 60


@pytest.fixture
def settings():
    with Scratch() as folder:
        yield ManagedRedisSettings(program=find_redis_program(), socket=f"{folder}/redis/redis.sock")


@pytest.fixture
def keeping():
    one = RedisKeeping(EventLog())
    yield one
    one.end()


def until(keeping, state):
    """Keep, as the supervisor does, until the status has that state."""
    deadline = time.monotonic() + PATIENCE_S
    while (status := keeping.status())["state"] != state:
        assert time.monotonic() < deadline, status
        keeping.keep(close=())
        select.select(keeping.links(), [], [], 0.05)
        keeping.hear()
    return status


def test_before_it_is_wanted_there_is_none(keeping):
    keeping.keep(close=())
    assert keeping.status() is None
    assert keeping.links() == []


def test_it_is_started_and_ended(keeping, settings, capfd):
    keeping.configure(settings)
    status = until(keeping, "serving")
    assert (status["restarts"], status["reason"]) == (0, "")
    keeping.end()
    with pytest.raises(ProcessLookupError):
        os.kill(status["pid"], 0)
    log = capfd.readouterr().err
    assert f"event=redis.started pid={status['pid']}" in log
    assert "event=redis.stopped" in log


def test_its_deaths_are_counted_and_their_reason_is_told(keeping, settings):
    keeping.configure(settings)
    os.kill(until(keeping, "serving")["pid"], signal.SIGKILL)
    until(keeping, "down")
    status = until(keeping, "serving")
    assert status["restarts"] == keeping.restarts == 1
    assert status["reason"] == "it ended with status 137"


def test_one_that_cannot_be_started_is_down_and_says_why(keeping, settings):
    keeping.configure(ManagedRedisSettings(program="/nowhere/redis-server", socket=settings.socket))
    status = until(keeping, "down")
    assert (status["pid"], status["reason"]) == (0, "/nowhere/redis-server: No such file or directory")


def test_what_is_no_keeper_is_not_buried(keeping):
    assert not keeping.bury(os.getpid(), 0)
