# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.bench.reputation.filling import fill
from tests.bench.reputation.opened import opened
from tests.bench.reputation.prepared import replay
from tests.bench.reputation.server import bench_redis
from tests.bench.reputation.traffic import Senders, address, pair
from tests.bench.reputation.work import do_work
from tests.mailhost.scratch import Scratch

if TYPE_CHECKING:
    from postward.store.reputation.records import RedisReputation

_SENDERS = Senders(12)
_NUMBERS = [3, 4, 3, 5, 6, 7, 8, 3, 9]


def _taught(records: RedisReputation) -> dict[str, tuple[float, float]]:
    known = records.fetch([*(address(number) for number in range(12)), *map(pair, range(12))]).standings
    return {
        str(identity): (round(standing.slow.good, 3), standing.slow.seen)
        for identity, standing in known.items()
        if standing.slow is not None
    }


@pytest.mark.parametrize("is_prepared", [True, False])
def test_both_ways_teach_the_same(*, is_prepared: bool) -> None:
    with Scratch() as folder, bench_redis(folder / "redis") as (server, client), opened(server.target) as records:
        assert fill(client, _SENDERS.all(), time.time()) == client.dbsize()
        before = _taught(records)
        if is_prepared:
            done = replay(server.target.socket_path, _SENDERS, _NUMBERS)
        else:
            done = do_work(records, _SENDERS, _NUMBERS)
        after = _taught(records)
    assert done.messages == len(done.reads_s) == len(_NUMBERS)
    assert set(before.values()) == {(4.0, 5.0)}
    assert after[str(address(3))] == (pytest.approx(4.0 + 3 * 0.75, abs=0.01), 8.0)
    assert after[str(pair(9))] == (pytest.approx(4.75, abs=0.01), 6.0)
    assert after[str(address(1))] == (pytest.approx(4.0, abs=0.01), 5.0)
