# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of a Redis server (RESP, version 2), read off its socket: that takes less than redis-py's reader.

https://redis.io/docs/latest/develop/reference/protocol-spec/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from redis import exceptions

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 65_536
_LONGEST_LINE = 65_536
_LONGEST_VALUE = 1 << 20
_MOST_VALUES = 1 << 20
_DEEPEST = 3
_SHORT_HEAD = 6
"""Octets in which ``$`` and up to three digits stand, with what ends them."""
_ERRORS: dict[bytes, type[exceptions.ResponseError]] = {
    b"NOSCRIPT": exceptions.NoScriptError,
    b"READONLY": exceptions.ReadOnlyError,
    b"OOM": exceptions.OutOfMemoryError,
    b"NOPERM": exceptions.NoPermissionError,
}


class Socket(Protocol):
    """What is read from."""

    def recv(self, size: int, /) -> bytes:
        """Some octets; none where the server has ended."""
        ...


class Replies:
    """Raises redis-py's InvalidResponse for what is no answer, and its ConnectionError where there is no more."""

    def __init__(self, source: Socket) -> None:
        self._source = source
        self._octets = b""
        self._at = 0

    def take(self, depth: int = 0) -> object:
        """The next answer: octets, a number, a list, None; or the server's error, which is returned and not raised."""
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind == b"$":
            return self._value(_number(rest))
        if kind == b":":
            return _number(rest)
        if kind == b"*":
            return self._values(_number(rest), depth)
        if kind == b"+":
            return rest
        if kind == b"-":
            error = _ERRORS.get(rest.partition(b" ")[0], exceptions.ResponseError)
            return error(rest.decode(errors="replace"))
        raise exceptions.InvalidResponse("no answer of a Redis server")

    def _value(self, length: int) -> bytes | None:
        if length < 0:
            return None
        if length > _LONGEST_VALUE:
            raise exceptions.InvalidResponse("a value that is too long")
        end = self._at + length
        if len(self._octets) < end + 2:
            self._read(lambda: len(self._octets) - self._at >= length + 2)
            end = self._at + length
        value = self._octets[self._at : end]
        self._at = end + 2
        return value

    def _values(self, count: int, depth: int) -> list[object] | None:
        if count < 0:
            return None
        if count > _MOST_VALUES or depth >= _DEEPEST:
            raise exceptions.InvalidResponse("too many values")
        return [self.take(depth + 1) if (value := self._short_value()) is None else value for _ in range(count)]

    def _short_value(self) -> bytes | None:
        """Take a value of some octets that is here as a whole; None, and nothing taken, where something else follows.

        Records are such, and a message has ten of them.
        """
        octets, at = self._octets, self._at
        head = octets.find(b"\r\n", at, at + _SHORT_HEAD) + 2
        if head < at + 2 or octets[at : at + 1] != b"$" or not (digits := octets[at + 1 : head - 2]).isdigit():
            return None
        end = head + int(digits)
        if end + 2 > len(octets):
            return None
        self._at = end + 2
        return octets[head:end]

    def _line(self) -> bytes:
        end = self._octets.find(b"\r\n", self._at)
        if end < 0:
            self._read(self._has_line)
            end = self._octets.find(b"\r\n", self._at)
        line = self._octets[self._at : end]
        self._at = end + 2
        return line

    def _has_line(self) -> bool:
        if len(self._octets) - self._at > _LONGEST_LINE + _CHUNK:
            raise exceptions.InvalidResponse("a line that is too long")
        return b"\r\n" in self._octets

    def _read(self, is_enough: Callable[[], bool]) -> None:
        """Read until it is enough; what was taken already is dropped."""
        self._octets, self._at = self._octets[self._at :], 0
        while not is_enough():
            chunk = self._source.recv(_CHUNK)
            if not chunk:
                raise exceptions.ConnectionError("the server has closed the connection")
            self._octets += chunk


def _number(text: bytes) -> int:
    try:
        return int(text)
    except ValueError:
        raise exceptions.InvalidResponse("no number") from None
