# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a message: its bytes exactly as the MTA gave them, in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Overflow(Protocol):
    """Where a body goes on that has grown too large for memory."""

    def append(self, chunk: bytes) -> None:
        """Keep the next piece; raises OSError where there is no room."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The pieces in order, wherever they begin and end."""
        ...


class Body:
    """Everything after the empty line that ends the header, in the pieces in which it came.

    Appended to while the message arrives, read as often as needed afterwards; the pieces are never
    joined unless someone asks for ``bytes()``.  The first ``memory_bytes`` are kept in memory, what comes
    after them in the overflow that is made when it is needed; without ``make_overflow`` all is in memory.
    """

    __slots__ = ("_chunks", "_make_overflow", "_memory_bytes", "_overflow", "size_bytes")

    def __init__(
        self, content: bytes = b"", *, memory_bytes: int = 0, make_overflow: Callable[[], Overflow] | None = None
    ) -> None:
        self._chunks: list[bytes] = [content] if content else []
        self._memory_bytes = memory_bytes
        self._make_overflow = make_overflow
        self._overflow: Overflow | None = None
        self.size_bytes = len(content)

    def append(self, chunk: bytes) -> None:
        """Add the next piece; raises OSError where it must go to an overflow that has no room."""
        self.size_bytes += len(chunk)
        if self._overflow is not None:
            self._overflow.append(chunk)
        elif self._make_overflow is None or self.size_bytes <= self._memory_bytes:
            self._chunks.append(chunk)
        else:
            self._overflow = self._make_overflow()
            self._overflow.append(chunk)

    def chunks(self) -> Iterator[bytes]:
        """The pieces in order."""
        yield from self._chunks
        if self._overflow is not None:
            yield from self._overflow.chunks()

    def without_content(self) -> Body:
        """Give a body that tells its size and holds nothing, for a message that nobody reads any more."""
        hollow = Body()
        hollow.size_bytes = self.size_bytes
        return hollow

    def __bytes__(self) -> bytes:
        return b"".join(self.chunks())
