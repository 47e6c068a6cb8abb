# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from postward.mta.managed_redis.settings import ManagedRedisSettings, read_managed_redis

SETTINGS = ManagedRedisSettings(program="/usr/bin/redis-server", socket="/var/lib/p/redis/redis.sock", max_memory_mb=9)


def test_what_was_told_is_read():
    assert read_managed_redis(json.loads(json.dumps(asdict(SETTINGS)))) == SETTINGS
    assert SETTINGS.directory == Path("/var/lib/p/redis")


@pytest.mark.parametrize("values", [None, {}, {**asdict(SETTINGS), "more": 1}, {**asdict(SETTINGS), "socket": 1}])
def test_anything_else_is_none(values):
    assert read_managed_redis(values) is None
