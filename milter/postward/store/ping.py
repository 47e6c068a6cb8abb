# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out whether Redis can be reached, and whether it answers."""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.store.broken import BROKEN
from postward.store.clients import open_client
from postward.store.redis_failure import FailureKind, failure_kind, failure_words

if TYPE_CHECKING:
    from postward.model.redis_target import RedisTarget
    from postward.store.clients import Client


class PingOutcome(StrEnum):
    """How an attempt to reach Redis ended."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    """Nothing listens there, or the connection broke."""
    REFUSED = "refused"
    """The server wants another user or password, or does not let this user PING."""
    LOADING = "loading"
    """The server reads its data set and is not ready yet."""
    UNFIT = "unfit"
    """It is a Redis of another kind, without that database, or it takes nothing for now."""
    NO_TRUST = "no-trust"
    """Either side does not take the other's certificate."""
    TIMEOUT = "timeout"
    NOT_REDIS = "not-redis"
    """Something else answered, or nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """The outcome, and the server's or the system's words about it; never the URL, which may hold a password."""

    outcome: PingOutcome
    detail: str = ""


_LONGEST_DETAIL = 200
_OUTCOMES = {
    FailureKind.CONNECTION: PingOutcome.UNREACHABLE,
    FailureKind.CLUSTER: PingOutcome.UNREACHABLE,
    FailureKind.LOADING: PingOutcome.LOADING,
    FailureKind.TIMEOUT: PingOutcome.TIMEOUT,
    FailureKind.NONSENSE: PingOutcome.NOT_REDIS,
    FailureKind.REFUSED: PingOutcome.REFUSED,
}
_MOST_CAUSES = 8
_TIMED_OUT = Ping(outcome=PingOutcome.TIMEOUT)


def ping(target: RedisTarget, *, timeout_s: float) -> Ping:
    """PING the server, the master that the sentinels name, or all masters of a cluster.

    Never raises, and takes no longer than ``timeout_s``: the time-outs of redis-py bound one read each, so a server
    that sends a byte now and then could hold a caller for ever.  The attempt runs on a thread of its own, and the wait
    for it is given up.
    """
    results: list[Ping] = []
    client = open_client(target, timeout_s=timeout_s, connections=1)
    attempt = threading.Thread(target=lambda: results.append(_attempt(client)), daemon=True)
    attempt.start()
    attempt.join(timeout_s)
    client.cut()
    return results[0] if results else _TIMED_OUT


def _attempt(client: Client) -> Ping:
    try:
        for master in client.masters():
            master.execute_command("PING")
    except BROKEN as error:
        return _failed(_outcome(error), error)
    return Ping(outcome=PingOutcome.OK)


def _outcome(error: Exception) -> PingOutcome:
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if isinstance(cause, ssl.SSLError):
            return PingOutcome.NO_TRUST
        cause = (cause.__cause__ or cause.__context__) if cause is not None else None
    kind = failure_kind(error)
    return PingOutcome.UNFIT if kind is None else _OUTCOMES.get(kind, PingOutcome.UNFIT)


def _failed(outcome: PingOutcome, error: Exception) -> Ping:
    text = "".join(char if char.isprintable() else " " for char in failure_words(error)[:_LONGEST_DETAIL])
    return Ping(outcome=outcome, detail=text)
