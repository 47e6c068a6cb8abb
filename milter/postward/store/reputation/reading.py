# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of many keys in one round trip, whatever server keeps which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis.exceptions import InvalidResponse

from postward.store.clients import PlainClient
from postward.store.reputation.wire import exchange, is_refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.store.clients import Client


def read(client: Client, keys: Sequence[str]) -> list[object]:
    """The values in the order of the keys, None where there is none; what is no string is None, or no octets at all.

    Raises what redis-py does where not all servers answer.
    """
    if not keys:
        return []
    if not isinstance(client, PlainClient):
        # On a cluster one command has one key.
        return list(map(_value, exchange(client, [(b"GET", key.encode()) for key in keys])))
    (answer,) = exchange(client, [(b"MGET", *(key.encode() for key in keys))])
    if isinstance(answer, Exception):
        raise answer
    if not isinstance(answer, list) or len(answer) != len(keys):
        raise InvalidResponse("not as many values as keys")
    return answer


def _value(answer: object) -> object:
    if is_refused(answer) and str(answer).startswith("WRONGTYPE"):
        return b""
    if isinstance(answer, Exception):
        raise answer
    return answer
