# SPDX-License-Identifier: GPL-3.0-or-later
"""The keeper and its server: what it tells, and what it does about a server that fails."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import asdict
from pathlib import Path

import pytest
import redis

from postward.mta.link import KIND
from postward.mta.managed_redis.folder import take_folder
from postward.mta.managed_redis.keeper import SETTINGS, Patience
from postward.mta.managed_redis.settings import ManagedRedisSettings
from tests.mailhost.scratch import Scratch
from tests.redis_servers.managed import PATIENCE_S, kept_redis

PROGRAMS = [name for name in ("redis-server", "valkey-server") if shutil.which(name)]


@pytest.fixture(params=PROGRAMS)
def settings(request):
    with Scratch() as folder:
        yield ManagedRedisSettings(program=shutil.which(request.param), socket=f"{folder}/redis/redis.sock")


def ask(settings, *command):
    with redis.Redis(unix_socket_path=settings.socket, socket_timeout=PATIENCE_S) as client:
        return client.execute_command(*command)


def test_it_tells_that_the_server_starts_and_that_it_serves(settings):
    with kept_redis(settings) as told:
        first, second = told.next(), told.next()
        assert [first[KIND], second[KIND]] == ["starting", "serving"]
        assert first["pid"] == second["pid"]
        assert ask(settings, "PING")


def test_a_server_that_hangs_is_killed_and_started_again(settings):
    with kept_redis(settings, patience=Patience(answer_s=2.0)) as told:
        pid = told.until("serving")["pid"]
        ask(settings, "SET", "kept", "yes")
        os.kill(pid, signal.SIGSTOP)
        died = told.until("died")
        assert (died["reason"], died["status"]) == ("gave no answer for 2 s", 137)
        assert told.until("serving")["pid"] != pid
        assert ask(settings, "GET", "kept") == b"yes"


def test_what_was_cut_off_while_it_was_written_is_passed_over(settings):
    with kept_redis(settings) as told:
        told.until("serving")
        for number in range(100):
            ask(settings, "SET", f"kept{number}", "yes")
    journal = max(settings.directory.rglob("*.aof"), key=lambda path: path.stat().st_size)
    os.truncate(journal, journal.stat().st_size - 7)
    with kept_redis(settings) as told:
        told.until("serving")
        assert ask(settings, "DBSIZE") == 99


def test_a_server_that_cannot_read_its_data_is_tried_again_and_its_words_are_told(settings):
    with kept_redis(settings) as told:
        told.until("serving")
        ask(settings, "SET", "kept", "yes")
    journal = max(settings.directory.rglob("*.aof"), key=lambda path: path.stat().st_size)
    journal.write_bytes(b"this is no journal\r\n" * 100)
    with kept_redis(settings) as told:
        died = told.until("died")
        assert "append only file" in died["reason"]
        assert told.until("died")["restart_in_s"] > died["restart_in_s"]


def test_it_waits_for_a_directory_that_another_works_in(settings):
    with os.fdopen(take_folder(settings.directory)) as lock, kept_redis(settings, close=(lock,)) as told:
        assert "another process keeps the Redis in" in told.until("not_started")["reason"]
        lock.close()
        assert told.next()[KIND] == "starting"


def test_a_path_that_is_too_long_for_a_socket_is_named(settings):
    long = ManagedRedisSettings(program=settings.program, socket=f"{settings.directory}/{'x' * 120}/redis.sock")
    with kept_redis(long) as told:
        assert "too long for a socket" in told.next()["reason"]


def test_a_bound_of_memory_that_comes_while_it_starts_holds(settings):
    with kept_redis(settings) as told:
        told.until("starting")
        told.link.send(SETTINGS, **asdict(settings) | {"max_memory_mb": 7})
        told.until("serving")
        deadline = time.monotonic() + PATIENCE_S
        while ask(settings, "INFO", "memory")["maxmemory"] != 7 << 20:
            assert time.monotonic() < deadline


def test_it_ends_its_server_when_the_line_ends(settings):
    with kept_redis(settings) as told:
        pid = told.until("serving")["pid"]
        told.link.close()
        deadline = time.monotonic() + PATIENCE_S
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline


def test_what_it_cannot_write_any_more_ends_up_in_no_second_server(settings):
    """Its directory is gone: the server is started in a new one."""
    with kept_redis(settings) as told:
        pid = told.until("serving")["pid"]
        shutil.rmtree(settings.directory)
        os.kill(pid, signal.SIGKILL)
        assert told.until("serving")["pid"] != pid
        assert ask(settings, "DBSIZE") == 0
