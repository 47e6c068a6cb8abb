"""The body of a message: its bytes exactly as the MTA gave them, in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Body:
    """Everything after the empty line that ends the header, in the pieces in which it came.

    Appended to while the message arrives, read as often as needed afterwards; the pieces are never
    joined unless someone asks for ``bytes()``.
    """

    __slots__ = ("_chunks", "size_bytes")

    def __init__(self, content: bytes = b"") -> None:
        self._chunks: list[bytes] = [content] if content else []
        self.size_bytes = len(content)

    def append(self, chunk: bytes) -> None:
        """Add the next piece."""
        self._chunks.append(chunk)
        self.size_bytes += len(chunk)

    def chunks(self) -> Iterator[bytes]:
        """The pieces in order."""
        return iter(self._chunks)

    def __bytes__(self) -> bytes:
        return b"".join(self._chunks)
