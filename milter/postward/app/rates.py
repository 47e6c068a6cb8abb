# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose where rules count: in Redis, for all workers and hosts together, or each worker by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.store.local_rates import LocalRates

if TYPE_CHECKING:
    from postward.store.rate_counter import RedisRates
    from postward.store.timed_calls import TimedCalls


def open_rates(calls: TimedCalls | None) -> RedisRates | LocalRates:
    """Give the counters of this process; ``calls`` is its way to Redis, if there is one."""
    if calls is None:
        return LocalRates()
    from postward.store.rate_counter import RedisRates  # noqa: PLC0415 - without Redis nobody needs its client

    return RedisRates(calls)
