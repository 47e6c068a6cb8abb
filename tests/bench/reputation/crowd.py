# SPDX-License-Identifier: GPL-3.0-or-later
"""How many messages a second one Redis keeps up with, from several processes at once."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING

from tests.bench.reputation.opened import opened
from tests.bench.reputation.prepared import replay
from tests.bench.reputation.work import do_work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Barrier

    import redis

    from postward.model.redis_target import RedisTarget
    from tests.bench.reputation.server import BenchRedis
    from tests.bench.reputation.traffic import Senders
    from tests.bench.reputation.work import Work

_HUNDREDTHS = 100
_TO_GET_WARM = 20


class Way(StrEnum):
    """How the messages are handled."""

    WORKER = "worker"
    """As a worker does: asked, estimated, and taught."""
    PREPARED = "prepared commands"
    """By the same commands made beforehand, so that the processes that ask take little of the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What so many processes did together."""

    way: Way
    processes: int
    identities: int
    """In Redis beforehand."""
    messages: int
    per_second: float
    redis_us: float
    """CPU of Redis a message."""
    asking_us: float
    """CPU a message of the processes that ask."""
    read_p50_us: float
    """How long a message waits for what is known."""
    read_p99_us: float

    @property
    def redis_bound(self) -> float:
        """Messages a second at which Redis would use one whole core, and more it cannot use."""
        return 1e6 / self.redis_us


def measure_rate(
    server: BenchRedis, client: redis.Redis, senders: Senders, *, way: Way, processes: int, messages: int
) -> Rate:
    """Let each process handle so many messages of random senders as fast as it can; all identities are there."""
    identities = client.dbsize()
    # New ones from the beginning: neither threads nor connections survive a fork.
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(processes) as pool:
        barrier = manager.Barrier(processes + 1)
        jobs = [
            pool.apply_async(_process, (way, server.target, _Load(senders, seed, messages), barrier))
            for seed in range(processes)
        ]
        barrier.wait()
        before_s = redis_cpu_s(client)
        works = [job.get() for job in jobs]
        redis_s = redis_cpu_s(client) - before_s
    return _rate(way, works, redis_s, identities)


def redis_cpu_s(client: redis.Redis) -> float:
    """What a server has used until now; /proc tells it in hundredths only."""
    found = client.info("cpu")
    return float(found["used_cpu_user"]) + float(found["used_cpu_sys"])


@dataclass(frozen=True, slots=True)
class _Load:
    """What one process handles."""

    senders: Senders
    seed: int
    messages: int

    def numbers(self) -> list[int]:
        """Which sender sends the next message."""
        rng = Random(self.seed)
        return [rng.randrange(self.senders.count) for _ in range(self.messages)]


def _process(way: Way, target: RedisTarget, load: _Load, barrier: Barrier) -> Work:
    numbers = load.numbers()
    some = numbers[: len(numbers) // _TO_GET_WARM]
    if way is Way.PREPARED:
        replay(target.socket_path, load.senders, some)
        barrier.wait()
        return replay(target.socket_path, load.senders, numbers)
    with opened(target) as records:
        do_work(records, load.senders, some)
        barrier.wait()
        return do_work(records, load.senders, numbers)


def _rate(way: Way, works: Sequence[Work], redis_s: float, identities: int) -> Rate:
    messages = sum(work.messages for work in works)
    cuts = quantiles([one for work in works for one in work.reads_s], n=_HUNDREDTHS)
    return Rate(
        way=way,
        processes=len(works),
        identities=identities,
        messages=messages,
        per_second=messages / max(work.took_s for work in works),
        redis_us=redis_s / messages * 1e6,
        asking_us=sum(work.cpu_s for work in works) / messages * 1e6,
        read_p50_us=cuts[_HUNDREDTHS // 2 - 1] * 1e6,
        read_p99_us=cuts[-1] * 1e6,
    )
