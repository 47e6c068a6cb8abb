"""Choose where rules count: in Redis, for all workers and hosts together, or each worker by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.store.local_rates import LocalRates

if TYPE_CHECKING:
    from postward.config import Configuration
    from postward.store.rate_counter import RedisRates


def open_rates(config: Configuration) -> RedisRates | LocalRates:
    """The counters of this process, for threads and connections do not survive a fork; to be closed."""
    if config.redis.url is None:
        return LocalRates()
    from postward.store.rate_counter import RedisRates  # noqa: PLC0415 - without Redis nobody needs its client

    return RedisRates(config.redis.url)
