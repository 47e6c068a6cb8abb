"""Read what an operator's own programs have put into Redis about domains, recipients and senders."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from postward.errors import TemporaryFailure
from postward.store.broken import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PAGE = 500
_Item = TypeVar("_Item")


class RedisUnreadable(TemporaryFailure):
    """Redis could not be asked, or does not hold what it should; the text is the server's or the system's."""


class RedisTooMuch(TemporaryFailure):
    """A hash or set holds more than may be read."""


class DirectoryReader:
    """Keys are ``PREFIX KIND:{NAME}``: the braces keep all of one name in one slot of a cluster.

    Made after a fork: connections do not survive one.  Every question may raise RedisUnreadable or RedisTooMuch.
    """

    def __init__(self, url: str, *, prefix: str, timeout_s: float, connections: int) -> None:
        self._prefix = prefix
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            max_connections=connections + 1,
            # One new try with a new connection, where the server has closed the old one.
            retry=Retry(NoBackoff(), 1),
            retry_on_error=[exceptions.ConnectionError],
        )

    def fields(self, kind: str, name: str, most: int) -> dict[bytes, bytes]:
        """A hash; {} where there is none."""
        try:
            return dict(_up_to(self._client.hscan_iter(self._key(kind, name), count=_PAGE), most))
        except BROKEN as error:
            raise RedisUnreadable(_words(error)) from error

    def members(self, kind: str, name: str, most: int) -> list[bytes] | None:
        """A set; None where there is none."""
        key = self._key(kind, name)
        try:
            found = list(_up_to(self._client.sscan_iter(key, count=_PAGE), most))
        except BROKEN as error:
            raise RedisUnreadable(_words(error)) from error
        return found or None

    def is_member(self, kind: str, name: str, candidates: tuple[str, ...]) -> bool | None:
        """True where a set has one of the candidates; None where there is no such set."""
        key = self._key(kind, name)
        try:
            pipeline = self._client.pipeline(transaction=False)
            pipeline.exists(key)
            for candidate in candidates:
                pipeline.sismember(key, candidate)
            exists, *found = pipeline.execute()
        except BROKEN as error:
            raise RedisUnreadable(_words(error)) from error
        return any(answer == 1 for answer in found) if exists == 1 else None

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _key(self, kind: str, name: str) -> str:
        return f"{self._prefix}{kind}:{{{name}}}" if name else f"{self._prefix}{kind}"


def _up_to(items: Iterable[_Item], most: int) -> Iterator[_Item]:
    """The items; stops reading with the first that is one too many."""
    for count, item in enumerate(items):
        if count >= most:
            raise RedisTooMuch(f"more than {most} entries under one key")
        yield item


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error)[:200].split())}"
