# SPDX-License-Identifier: GPL-3.0-or-later
"""What has been sent, for commands, which ask Redis by themselves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from postward.app.redis_target import redis_target
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.config import Configuration
    from postward.store.quotas.redis_quotas import RedisQuotas

_PATIENCE_S = 2.0


@contextmanager
def quota_counts(config: Configuration) -> Iterator[RedisQuotas]:
    """Give what counts for all workers; raises UsageError where there is no Redis."""
    target = redis_target(config)
    if target is None:
        raise UsageError("there is no Redis (redis.url), so each worker counts by itself, and none can be asked")
    from postward.app.redis_words import told_of_redis  # noqa: PLC0415 - as in app.rates
    from postward.store.quotas.redis_quotas import RedisQuotas  # noqa: PLC0415
    from postward.store.timed_calls import CallBounds, TimedCalls  # noqa: PLC0415

    calls = TimedCalls(target, CallBounds(wait_s=_PATIENCE_S, threads=1))
    try:
        with told_of_redis():
            yield RedisQuotas(calls)
    finally:
        calls.close()
