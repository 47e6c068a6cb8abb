"""Find out whether Redis can be reached, and whether it answers."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum

import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry


class PingOutcome(StrEnum):
    """How an attempt to reach Redis ended."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    """Nothing listens there, or the connection broke."""
    REFUSED = "refused"
    """The server wants another user or password, or does not let this user PING."""
    LOADING = "loading"
    """The server reads its data set and is not ready yet."""
    TIMEOUT = "timeout"
    NOT_REDIS = "not-redis"
    """Something else answered, or nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """The outcome, and the server's or the system's words about it; never the URL, which may hold a password."""

    outcome: PingOutcome
    detail: str = ""


_LONGEST_DETAIL = 200
_TIMED_OUT = Ping(outcome=PingOutcome.TIMEOUT)


def ping(url: str, *, timeout_s: float) -> Ping:
    """PING the server at ``url``; never raises, and takes no longer than ``timeout_s``.

    The time-outs of redis-py bound one read each, so a server that sends a byte now and then could hold a caller
    for ever: the attempt runs on a thread of its own, and the wait for it is given up.
    """
    results: list[Ping] = []
    attempt = threading.Thread(target=lambda: results.append(_attempt(url, timeout_s)), daemon=True)
    attempt.start()
    attempt.join(timeout_s)
    return results[0] if results else _TIMED_OUT


def _attempt(url: str, timeout_s: float) -> Ping:
    try:
        client = redis.Redis.from_url(
            url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, retry=Retry(NoBackoff(), 0)
        )
    except ValueError as error:
        return _failed(PingOutcome.UNREACHABLE, error)
    try:
        client.ping()
    except exceptions.RedisError as error:
        return _failed(_outcome(error), error)
    except (ValueError, RecursionError) as error:
        # redis-py lets these out where a server sends numbers that are none, or lists in lists in lists.
        return _failed(PingOutcome.NOT_REDIS, error)
    except OSError as error:
        return _failed(PingOutcome.UNREACHABLE, error)
    finally:
        client.close()
    return Ping(outcome=PingOutcome.OK)


def _outcome(error: exceptions.RedisError) -> PingOutcome:
    match error:
        case exceptions.BusyLoadingError():
            return PingOutcome.LOADING
        case exceptions.AuthenticationError() | exceptions.ResponseError():
            return PingOutcome.REFUSED
        case exceptions.TimeoutError():
            return PingOutcome.TIMEOUT
        case exceptions.ConnectionError():
            return PingOutcome.UNREACHABLE
        case _:
            return PingOutcome.NOT_REDIS


def _failed(outcome: PingOutcome, error: Exception) -> Ping:
    text = "".join(char if char.isprintable() else " " for char in str(error)[:_LONGEST_DETAIL])
    return Ping(outcome=outcome, detail=text)
