"""Redis as the memory of greylisting: when a message was first seen, and which senders are known."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis.exceptions import NoScriptError

from postward.model.greylisting import Remembered
from postward.store.timed_calls import DEFAULT_BOUNDS, CallBounds, RedisSilent, TimedCalls

if TYPE_CHECKING:
    from collections.abc import Callable

    import redis

_PREFIX = "postward:greylist:"
_ENVELOPE, _BODY, _SENDER = "envelope", "body", "sender"
# One key each, so that it works on a cluster.  The key holds when it was first seen, in milliseconds.  Of two hosts
# whose clocks differ the earlier time counts; what is no number counts as never seen.
_SCRIPT = """\
local now, delay = tonumber(ARGV[1]), tonumber(ARGV[2])
local first = tonumber(redis.call('GET', KEYS[1]) or '')
if not first or not (first <= now) then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
    return 0
end
if now - first >= delay then
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return now - first
"""
_SHA = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()
_ANSWERS = 3
_Scripts = tuple[tuple[str, tuple[int, ...]], ...]
"""Keys, each with the arguments that go with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GreylistTimes:
    """How long what is remembered."""

    delay_s: float = 300.0
    """So long a message has to wait: then its keys are matured."""
    window_s: float = 2 * 86_400.0
    """Within this time it has to come again, or it is forgotten."""
    known_s: float = 35 * 86_400.0
    """A matured envelope, and a known sender, are forgotten when they do not occur for so long."""


class RedisGreylist:
    """One round trip a message; made after a fork, and to be closed.  Safe from every thread.

    Nothing from outside stands in a key as it is.  All raise RedisSilent, a TemporaryFailure.
    """

    def __init__(
        self,
        url: str,
        times: GreylistTimes,
        bounds: CallBounds = DEFAULT_BOUNDS,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``clock`` measures how long Redis is passed over after it did not answer."""
        self._times = times
        self._calls = TimedCalls(url, bounds, prepare=lambda client: client.script_load(_SCRIPT), clock=clock)

    def recall(self, *, envelope: str, body: str, sender: str, now_s: float) -> Remembered:
        """Say since when the two have been known, and remember them from ``now_s`` (Unix time) on; "" asks no sender.

        What has matured is remembered for longer; a known sender is remembered anew.
        """
        times = self._times
        known_ms, window_ms = _milliseconds(times.known_s), _milliseconds(times.window_s)
        arguments = (_milliseconds(now_s), _milliseconds(times.delay_s), window_ms)
        scripts = (
            (redis_key(_ENVELOPE, envelope), (*arguments, known_ms)),
            # A body is that of one message, which is through by then: it makes nobody known.
            (redis_key(_BODY, body), (*arguments, window_ms)),
        )
        sender_key = redis_key(_SENDER, sender) if sender else ""
        envelope_ms, body_ms, found = self._calls.call(lambda client: _asked(client, scripts, sender_key, known_ms))
        return Remembered(
            envelope_age_s=envelope_ms / 1_000, body_age_s=body_ms / 1_000, knows_sender=bool(sender) and found == 1
        )

    def note_sender(self, sender: str) -> None:
        """Remember a sender as known."""
        key, known_ms = redis_key(_SENDER, sender), _milliseconds(self._times.known_s)
        self._calls.call(lambda client: client.set(key, b"1", px=known_ms))

    def close(self) -> None:
        """End the connections."""
        self._calls.close()


def redis_key(kind: str, name: str) -> str:
    """The key for a name: nothing of that stands in it as it is, and all that follows the kind is hash tag."""
    digest = hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{_PREFIX}{kind}:{{{digest}}}"


def _milliseconds(seconds: float) -> int:
    return math.ceil(seconds * 1_000)


def _asked(client: redis.Redis, scripts: _Scripts, sender_key: str, known_ms: int) -> tuple[int, int, int]:
    answers = _sent(client, scripts, sender_key, known_ms, is_loaded=True)
    if any(isinstance(answer, NoScriptError) for answer in answers):
        # Restarted, or its scripts were flushed.
        answers = _sent(client, scripts, sender_key, known_ms, is_loaded=False)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    envelope_ms, body_ms, found = [*answers, 0][:_ANSWERS]
    if not (isinstance(envelope_ms, int) and isinstance(body_ms, int) and isinstance(found, int)):
        raise RedisSilent("answered with what is no number")
    return envelope_ms, body_ms, found


def _sent(client: redis.Redis, scripts: _Scripts, sender_key: str, known_ms: int, *, is_loaded: bool) -> list[object]:
    pipeline = client.pipeline(transaction=False)
    for key, arguments in scripts:
        if is_loaded:
            pipeline.evalsha(_SHA, 1, key, *arguments)
        else:
            pipeline.eval(_SCRIPT, 1, key, *arguments)
    if sender_key:
        # It says whether there is such a key, and makes it last.
        pipeline.pexpire(sender_key, known_ms)
    # The errors that redis-py raises itself here quote the command.
    return list(pipeline.execute(raise_on_error=False))
