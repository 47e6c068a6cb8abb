# SPDX-License-Identifier: GPL-3.0-or-later
"""The Redis that the supervisor keeps: one for all generations, never two, never without a supervisor."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
from pathlib import Path

import pytest
import redis

from tests.mailhost.stopped import family, hang
from tests.mailhost.world import World
from tests.milter.client import final, greet
from tests.milter.filter import Filter, running_filter
from tests.milter.server import Server, wait_until

PROGRAM = shutil.which("redis-server")


def settings_for(folder, **others):
    return {"program": PROGRAM, "socket": f"{folder}/redis/redis.sock"} | others


class Kept:
    """A server with a private Redis, and a look at it."""

    def __init__(self) -> None:
        self.server = Server()
        self.socket = self.server.directory / "redis/redis.sock"
        self.server.configure(workers=1, redis=settings_for(self.server.directory))

    def start(self) -> Kept:
        self.server.start()
        self.pid()
        return self

    def pid(self, count: int = 1) -> int:
        """The redis-server that was started last, once it serves."""
        return int(re.search(r" pid=(\d+)", self.server.wait_for("event=redis.started", count)[-1])[1])

    def keeper(self) -> int:
        return parent_of(self.pid())

    def ask(self, *command):
        with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=60) as client:
            return client.execute_command(*command)

    def reload(self, **configuration) -> None:
        ready = sum("event=generation.ready" in line for line in self.server.lines)
        self.server.configure(**configuration)
        self.server.hang_up()
        self.server.wait_for("event=generation.ready", ready + 1)


@pytest.fixture
def kept():
    one = Kept()
    yield one
    one.server.stop()


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def is_gone(pid):
    """Ended; reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def sockets_of(pid):
    names = (str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir())
    return {name for name in names if name.startswith("socket:")}


def test_it_is_private_and_keeps_what_it_is_told(kept):
    kept.start()
    assert stat.S_IMODE(kept.socket.parent.stat().st_mode) == 0o700
    wanted = {"port": "0", "appendonly": "yes", "maxmemory": str(256 << 20), "maxmemory-policy": "volatile-lfu"}
    assert {name: dict_of(kept.ask("CONFIG", "GET", name))[name] for name in wanted} == wanted


def dict_of(answer):
    """The answer to CONFIG GET."""
    pairs = answer.items() if isinstance(answer, dict) else zip(answer[::2], answer[1::2], strict=True)
    return {_text(name): _text(value) for name, value in pairs}


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


def test_mail_is_served_while_it_dies_and_it_comes_back_with_its_data(kept):
    kept.start()
    client = greet(kept.server.address)
    kept.ask("SET", "kept", "yes")
    first = kept.pid()
    os.kill(first, signal.SIGKILL)
    assert final(client.message()) == b"c"
    assert "status=137" in kept.server.wait_for("event=redis.died")[0]
    assert kept.pid(2) != first
    assert kept.ask("GET", "kept") == b"yes"
    assert len(kept.server.wait_for("event=generation.ready")) == 1


def test_a_reload_leaves_it_alone_and_changes_its_memory(kept):
    kept.start()
    first = kept.pid()
    kept.reload(workers=1, redis=settings_for(kept.server.directory))
    kept.reload(workers=1, redis=settings_for(kept.server.directory, max_memory_mb=64))
    wait_until(
        lambda: dict_of(kept.ask("CONFIG", "GET", "maxmemory"))["maxmemory"] == str(64 << 20), "another bound of memory"
    )
    assert len(kept.server.wait_for("event=redis.started")) == 1
    assert not is_gone(first)


def test_a_reload_ends_it_and_starts_it_again(kept):
    kept.start()
    kept.ask("SET", "kept", "yes")
    first = kept.pid()
    kept.reload(workers=1)
    kept.server.wait_for("event=redis.stopped")
    assert is_gone(first)
    kept.reload(workers=1, redis=settings_for(kept.server.directory))
    kept.pid(2)
    assert kept.ask("GET", "kept") == b"yes"


def test_a_refused_reload_leaves_it_alone(kept):
    kept.start()
    first = kept.pid()
    kept.server.configure(broken="yes")
    kept.server.hang_up()
    kept.server.wait_for("event=generation.refused")
    assert kept.ask("PING") in {b"PONG", True}
    assert not is_gone(first)


def test_another_place_gets_another_server(kept):
    kept.start()
    first = kept.pid()
    other = kept.server.directory / "other"
    other.mkdir(mode=0o777)
    other.chmod(0o777)
    kept.reload(workers=1, redis=settings_for(other))
    assert kept.pid(2) != first
    assert is_gone(first)
    kept.socket = other / "redis/redis.sock"
    assert kept.ask("DBSIZE") == 0


def test_it_ends_with_the_supervisor_and_after_the_workers(kept):
    kept.start()
    first, keeper = kept.pid(), kept.keeper()
    kept.server.terminate()
    assert kept.server.wait() == 0
    assert is_gone(first)
    assert is_gone(keeper)
    kept.server.wait_for("event=redis.stopped")
    names = [re.search(r"event=(\S+)", line)[1] for line in kept.server.lines]
    assert names.index("worker.retired") < names.index("redis.stopped")


@pytest.mark.parametrize("victim", ["supervisor", "keeper"])
def test_it_dies_with_whoever_is_above_it(kept, victim):
    kept.start()
    kept.ask("SET", "kept", "yes")
    first, keeper = kept.pid(), kept.keeper()
    os.kill(keeper if victim == "keeper" else kept.server.process.pid, signal.SIGKILL)
    wait_until(lambda: is_gone(first) and is_gone(keeper), "the end of Redis")
    if victim == "keeper":
        kept.server.wait_for("event=redis.keeper_died")
        assert kept.pid(2) != first
    else:
        kept.server.wait()
        kept.server.start()
        wait_until(kept.socket.exists, "the socket")
        wait_until(lambda: sum("event=redis.started" in line for line in kept.server.lines) == 2, "another Redis")
    assert kept.ask("GET", "kept") == b"yes"


def test_one_that_hangs_when_it_is_to_end_is_killed_in_time(kept):
    kept.start()
    first = kept.pid()
    os.kill(first, signal.SIGSTOP)
    kept.server.terminate()
    assert kept.server.wait() == 0
    assert is_gone(first)


def test_a_keeper_that_hangs_does_not_keep_the_supervisor(kept):
    kept.start()
    first, keeper = kept.pid(), kept.keeper()
    hang(keeper)
    kept.server.terminate()
    assert kept.server.wait() == 0
    kept.server.wait_for("event=redis.killed")
    wait_until(lambda: is_gone(first) and is_gone(keeper), "the end of Redis")


def test_two_supervisors_share_one_and_the_second_goes_on_with_it(kept, start):
    kept.start()
    first = kept.pid()
    kept.ask("SET", "kept", "yes")
    second = start(workers=1, redis=settings_for(kept.server.directory))
    line = second.wait_for("event=redis.not_started")[0]
    assert "another process keeps the Redis in" in line
    assert len(family(kept.server.process.pid)) > len(family(second.process.pid))
    kept.server.terminate()
    assert kept.server.wait() == 0
    second.wait_for("event=redis.started")
    assert is_gone(first)
    assert kept.ask("GET", "kept") == b"yes"
    second.stop()


def test_without_a_directory_to_write_in_mail_is_served_and_the_log_says_why(start):
    server = start(workers=1, redis={"program": PROGRAM, "socket": "/proc/1/redis/redis.sock"})
    assert "/proc/1/redis" in server.wait_for("event=redis.not_started")[0]
    assert final(greet(server.address).message()) == b"c"


def test_without_a_program_the_log_names_it(kept):
    settings = settings_for(kept.server.directory, program="/nowhere/redis-server")
    kept.server.configure(workers=1, redis=settings)
    kept.server.start()
    line = kept.server.wait_for("event=redis.not_started")[0]
    assert "/nowhere/redis-server: No such file or directory" in line


def test_it_holds_nothing_of_ours_open_and_its_keeper_little(kept):
    kept.start()
    supervisor = sockets_of(kept.server.process.pid)
    assert supervisor
    assert not supervisor & sockets_of(kept.pid())
    # The pair that wakes the supervisor alone: neither where it listens, nor the ends of others' lines.
    assert len(supervisor & sockets_of(kept.keeper())) <= 2


NO_PROGRAMS = {"PATH": "/nowhere"}


def test_where_none_is_installed_mail_is_served_without_one_and_the_log_says_so():
    with running_filter(World(), environment=NO_PROGRAMS, redis={"max_memory_mb": 64}, workers=1) as server:
        assert "neither redis-server nor valkey-server is on the PATH" in server.wait_for("event=redis.no_program")[0]
        assert not any("event=redis.not_started" in line for line in server.lines)


def test_where_none_is_installed_and_one_is_demanded_it_does_not_start():
    server = Filter("127.0.0.1:9")
    try:
        server.configure(redis="managed")
        server.start(wait=False, environment=NO_PROGRAMS)
        assert server.wait() == 2
        line = server.wait_for(f"{server.configuration}:")[-1]
        assert "redis: neither redis-server nor valkey-server is on the PATH" in line
    finally:
        server.stop()


def test_its_log_has_the_form_that_the_configuration_wants():
    server = Filter("127.0.0.1:9")
    try:
        server.configure(redis="managed", log={"format": "json"})
        server.start(wait=False)
        server.wait_for('"event":"redis.started"')
    finally:
        server.stop()
