# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.managed_redis import find_redis_program, lacks_program, managed_redis_settings
from postward.config import load
from postward.errors import ConfigErrors
from postward.mta.managed_redis.settings import ManagedRedisSettings

PROGRAM = "/usr/bin/redis-server"


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(f"state_dir: /var/lib/p\n{text}", encoding="utf-8")
        return load(path)

    return read


@pytest.mark.parametrize(
    ("text", "memory"),
    [("redis: managed\n", 256), ("redis: {url: managed}\n", 256), ("redis: {url: managed, max_memory_mb: 64}\n", 64)],
)
def test_the_keeper_is_told(read, text, memory):
    assert managed_redis_settings(read(text), PROGRAM) == ManagedRedisSettings(
        program=PROGRAM, socket="/var/lib/p/redis/redis.sock", max_memory_mb=memory
    )


@pytest.mark.parametrize("text", ["redis: {url: 'redis://127.0.0.1'}\n", "redis: {url: null}\n"])
def test_there_is_nothing_to_keep(read, text):
    assert managed_redis_settings(read(text), PROGRAM) is None
    assert managed_redis_settings(read(text), None) is None


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [("redis: managed\n", "redis", 2), ("redis:\n  max_memory_mb: 64\n  url: managed\n", "redis.url", 4)],
)
def test_what_is_demanded_needs_a_program(read, text, key, line):
    with pytest.raises(ConfigErrors) as caught:
        managed_redis_settings(read(text), None)
    (error,) = caught.value.errors
    assert (error.key, error.line) == (key, line)
    assert "neither redis-server nor valkey-server is on the PATH" in error.message


@pytest.mark.parametrize("text", ["", "redis:\n", "redis: {max_memory_mb: 64}\n"])
def test_what_is_the_default_does_not(read, text):
    assert lacks_program(read(text), None)
    assert not lacks_program(read(text), PROGRAM)
    assert managed_redis_settings(read(text), None) is None
    assert managed_redis_settings(read(text), PROGRAM) is not None


def test_either_program_is_found(tmp_path):
    assert find_redis_program(str(tmp_path)) is None
    for name in ("valkey-server", "redis-server"):
        program = tmp_path / name
        program.write_text("")
        program.chmod(0o755)
        assert find_redis_program(str(tmp_path)) == str(program)
