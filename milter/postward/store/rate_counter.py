# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts of events over time in Redis, which all workers and hosts share."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

from redis.exceptions import NoScriptError

from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from postward.store.clients import Client
    from postward.store.timed_calls import TimedCalls

MAX_WINDOWS = 100
_PREFIX = "postward:rate:"
# One key for each counter: a hash of counts by number of the window.  What is too much goes, the oldest first: by the
# time of this message alone a host whose clock is ahead would take the counts of all others away.
_SCRIPT = """\
redis.call('HINCRBY', KEYS[1], ARGV[3], 1)
local most = tonumber(ARGV[2])
if redis.call('HLEN', KEYS[1]) > most then
    local windows = redis.call('HKEYS', KEYS[1])
    table.sort(windows, function(one, other) return tonumber(one) < tonumber(other) end)
    for number = 1, #windows - most do
        if windows[number] ~= ARGV[3] then
            redis.call('HDEL', KEYS[1], windows[number])
        end
    end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
local counts = redis.call('HMGET', KEYS[1], unpack(ARGV, 3))
for number = 1, #counts do
    counts[number] = tonumber(counts[number] or 0)
end
return counts
"""
_SHA = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()
_SPARE_WINDOWS = 16
"""Kept besides those that are asked for, for hosts whose clocks differ."""


class RedisRates:
    """See ``rules.services.Rates``; one round trip a count, one key a counter, so it works on a cluster too.

    Counters end by themselves when no event comes for as long as they look back.
    """

    def __init__(self, calls: TimedCalls) -> None:
        self._calls = calls
        calls.prepare(_SCRIPT)

    def count(self, key: str, *, windows: int, window_s: float, now_s: float) -> tuple[int, ...]:
        """Count one more event; returns the counts of the last ``windows`` windows, the latest first.

        Raises RedisSilent, a TemporaryFailure; and ValueError for more than ``MAX_WINDOWS`` windows.
        """
        if not 1 <= windows <= MAX_WINDOWS or not window_s > 0:
            raise ValueError(f"from 1 to {MAX_WINDOWS} windows of more than no time")
        newest = math.floor(now_s / window_s)
        arguments = (
            math.ceil(window_s * 1_000) * (windows + 1),
            windows + _SPARE_WINDOWS,
            *range(newest, newest - windows, -1),
        )
        return self._calls.call(lambda client: _counted(client, redis_key(key, windows, window_s), arguments))


def redis_key(key: str, windows: int, window_s: float) -> str:
    """The key of a counter: nothing of ``key`` stands in it as it is, and all that follows the prefix is hash tag."""
    name = f"{windows} {window_s!r} {key}".encode(errors="surrogatepass")
    return f"{_PREFIX}{{{hashlib.blake2b(name, digest_size=16).hexdigest()}}}"


def _counted(client: Client, key: str, arguments: tuple[int, ...]) -> tuple[int, ...]:
    try:
        counts = client.execute_command("EVALSHA", _SHA, 1, key, *arguments)
    except NoScriptError:
        # Restarted, or its scripts were flushed.
        counts = client.execute_command("EVAL", _SCRIPT, 1, key, *arguments)
    if not isinstance(counts, list) or len(counts) != len(arguments) - 2 or not all(isinstance(n, int) for n in counts):
        raise RedisSilent("answered with what is no list of counts")
    return tuple(counts)
