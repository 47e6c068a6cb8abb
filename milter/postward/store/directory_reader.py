# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what an operator's own programs have put into Redis about domains, recipients and senders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from redis import exceptions

from postward.errors import TemporaryFailure
from postward.store.broken import BROKEN
from postward.store.clients import open_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postward.model.redis_target import RedisTarget

_PAGE = 500
_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


class RedisUnreadable(TemporaryFailure):
    """Redis could not be asked, or does not hold what it should; the text is the server's or the system's."""


class RedisTooMuch(TemporaryFailure):
    """A hash or set holds more than may be read."""


class DirectoryReader:
    """Keys are ``PREFIX KIND:{NAME}``: the braces keep all of one name in one slot of a cluster.

    Made after a fork: connections do not survive one.  Every question may raise RedisUnreadable or RedisTooMuch.
    """

    def __init__(self, target: RedisTarget, *, prefix: str, timeout_s: float, connections: int) -> None:
        self._prefix = prefix
        self._client = open_client(target, timeout_s=timeout_s, connections=connections + 1)

    def fields(self, kind: str, name: str, most: int) -> dict[bytes, bytes]:
        """A hash; {} where there is none."""
        key = self._key(kind, name)
        return self._asked(lambda: dict(_up_to(self._scan("HSCAN", key), most)))

    def members(self, kind: str, name: str, most: int) -> list[bytes] | None:
        """A set; None where there is none."""
        key = self._key(kind, name)
        return self._asked(lambda: list(_up_to(self._scan("SSCAN", key), most))) or None

    def is_member(self, kind: str, name: str, candidates: tuple[str, ...]) -> bool | None:
        """True where a set has one of the candidates; None where there is no such set."""
        exists, *found = self._asked(lambda: self._looked_up(self._key(kind, name), candidates))
        return any(answer == 1 for answer in found) if exists == 1 else None

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _asked(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask, and once more with a new connection where the server has closed the old one: reading changes nothing."""
        try:
            try:
                return ask()
            except exceptions.ConnectionError:
                return ask()
        except BROKEN as error:
            raise RedisUnreadable(_words(error)) from error

    def _looked_up(self, key: str, candidates: tuple[str, ...]) -> list[object]:
        pipeline = self._client.pipeline(transaction=False)
        pipeline.execute_command("EXISTS", key)
        for candidate in candidates:
            pipeline.execute_command("SISMEMBER", key, candidate)
        return pipeline.execute()

    def _scan(self, command: str, key: str) -> Iterator[Any]:
        """The items of a hash (pairs) or a set."""
        cursor: int | bytes = 0
        while True:
            answer: Any = self._client.execute_command(command, key, cursor, "COUNT", _PAGE)
            cursor, items = answer
            yield from items.items() if isinstance(items, dict) else items
            if not int(cursor):
                return

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
