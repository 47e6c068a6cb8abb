# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of many keys in one round trip, whatever server keeps which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis.exceptions import InvalidResponse

from postward.store.wire import exchange, is_refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.store.timed_calls import TimedCalls


def read(calls: TimedCalls, keys: Sequence[str], *, wait_s: float | None = None) -> list[object]:
    """The values in the order of the keys, None where there is none; what is no string is None, or no octets at all.

    ``wait_s`` as in ``TimedCalls.call``.  Raises RedisSilent where not all servers answer.
    """
    if not keys:
        return []
    names = [key.encode() for key in keys]
    if calls.is_cluster:
        # There one command has one key.
        commands = [(b"GET", name) for name in names]
        return calls.call(lambda client: list(map(_value, exchange(client, commands))), wait_s=wait_s)
    return calls.ask([(b"MGET", *names)], lambda answers: _values(answers, len(names)), wait_s=wait_s)


def _values(answers: Sequence[object], count: int) -> list[object]:
    (answer,) = answers
    if isinstance(answer, Exception):
        raise answer
    if not isinstance(answer, list) or len(answer) != count:
        raise InvalidResponse("not as many values as keys")
    return answer


def _value(answer: object) -> object:
    if is_refused(answer) and str(answer).startswith("WRONGTYPE"):
        return b""
    if isinstance(answer, Exception):
        raise answer
    return answer
