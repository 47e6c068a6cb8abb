# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis as the memory of greylisting: when a message was first seen, and which senders are known."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis.exceptions import NoScriptError

from postward.model.greylisting import Remembered
from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from postward.store.clients import Client
    from postward.store.timed_calls import TimedCalls

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
    """One round trip a message.  Safe from every thread.

    Nothing from outside stands in a key as it is.  All raise RedisSilent, a TemporaryFailure.
    """

    def __init__(self, calls: TimedCalls, times: GreylistTimes) -> None:
        self._calls = calls
        self._times = times
        calls.prepare(_SCRIPT)

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
        self._calls.call(lambda client: client.execute_command("SET", key, b"1", "PX", known_ms))


def redis_key(kind: str, name: str) -> str:
    """The key for a name: nothing of that stands in it as it is, and all that follows the kind is hash tag."""
    digest = hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{_PREFIX}{kind}:{{{digest}}}"


def _milliseconds(seconds: float) -> int:
    return math.ceil(seconds * 1_000)


def _asked(client: Client, scripts: _Scripts, sender_key: str, known_ms: int) -> tuple[int, int, int]:
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


def _sent(client: Client, scripts: _Scripts, sender_key: str, known_ms: int, *, is_loaded: bool) -> list[object]:
    pipeline = client.pipeline(transaction=False)
    for key, arguments in scripts:
        if is_loaded:
            pipeline.execute_command("EVALSHA", _SHA, 1, key, *arguments)
        else:
            pipeline.execute_command("EVAL", _SCRIPT, 1, key, *arguments)
    if sender_key:
        # It says whether there is such a key, and makes it last.
        pipeline.execute_command("PEXPIRE", sender_key, known_ms)
    # The errors that redis-py raises itself here quote the command.
    return pipeline.execute(raise_on_error=False)
