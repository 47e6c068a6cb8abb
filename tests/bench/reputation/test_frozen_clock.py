# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.reputation.frozen_clock import FrozenClock
from tests.bench.reputation.server import bench_redis

if TYPE_CHECKING:
    from pathlib import Path


def test_redis_lives_by_the_clock_that_it_is_given(tmp_path: Path) -> None:
    with FrozenClock(tmp_path, 1_700_000_000.0) as clock, bench_redis(tmp_path / "r", clock) as (_, client):
        assert client.time() == (1_700_000_000, 0)
        client.set("key", "value", ex=86_400)
        clock.move_to(1_700_000_000.25 + 80_000)
        assert client.time() == (1_700_080_000, 250_000)
        assert client.ttl("key") in {6_399, 6_400}
        clock.move_to(1_600_000_000.0)
        assert client.time() == (1_700_080_000, 250_000)
        clock.move_to(1_700_000_000.0 + 90_000)
        assert client.get("key") is None
