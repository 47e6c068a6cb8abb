# SPDX-License-Identifier: GPL-3.0-or-later
"""Read an mbox (RFC 4155) as mboxrd quotes it, in one pass and with one message in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE_BYTES = 1 << 20
_SEPARATOR = b"\nFrom "
_FROM = _SEPARATOR[1:]
_QUOTED = re.compile(rb"^>(>*+From )", re.MULTILINE)
_BLANK_LAST = (b"\r\n\r\n", b"\n\n")


class TooLarge:
    """Stands for a message that is larger than what is kept in memory."""


TOO_LARGE = TooLarge()


def messages_of(file: BinaryIO, *, max_bytes: int) -> Iterator[bytes | TooLarge]:
    """Give each message without its separator; one of more than ``max_bytes`` is passed over.

    A separator begins with ``From `` and follows a blank line, or is the first line.
    """
    reader = _Reader(file, max_bytes)
    if not reader.begin():
        return
    while (message := reader.next_message()) is not None:
        yield message


class _Reader:
    """Holds what has been read of the message that is looked for the end of, and something of the next one."""

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._held = bytearray()
        self._is_at_end = False
        self._is_over = False

    def begin(self) -> bool:
        """Pass the first separator over; False where there is none."""
        self._fill()
        if not self._held.startswith(_FROM):
            return False
        self._skip_line()
        return True

    def next_message(self) -> bytes | TooLarge | None:
        if self._is_over:
            return None
        start, is_too_large = 0, False
        while (end := self._separator(start)) < 0:
            if not self._fill():
                self._is_over = True
                return TOO_LARGE if is_too_large or len(self._held) > self._max_bytes else _last(self._held)
            if len(self._held) - _PIECE_BYTES > self._max_bytes:
                is_too_large = True
                # A separator may have begun.
                del self._held[: -_PIECE_BYTES - len(_SEPARATOR) - 2]
            start = max(0, len(self._held) - _PIECE_BYTES - len(_SEPARATOR))
        is_too_large = is_too_large or end > self._max_bytes
        message = b"" if is_too_large else bytes(self._held[:end]).removesuffix(b"\r")
        del self._held[: end + 1]
        self._skip_line()
        return TOO_LARGE if is_too_large else _unquoted(message)

    def _separator(self, start: int) -> int:
        """Find the line feed of the blank line before a separator; -1 where there is none from ``start`` on."""
        held = self._held
        place = held.find(_SEPARATOR, start)
        while place >= 0:
            line = bytes(held[max(0, place - 2) : place])
            if not line.removesuffix(b"\r") or line.removesuffix(b"\r").endswith(b"\n"):
                return place
            place = held.find(_SEPARATOR, place + 1)
        return -1

    def _skip_line(self) -> None:
        while (end := self._held.find(b"\n")) < 0:
            self._held.clear()
            if not self._fill():
                return
        del self._held[: end + 1]

    def _fill(self) -> bool:
        """Read on; False at the end of the file."""
        piece = b"" if self._is_at_end else self._file.read(_PIECE_BYTES)
        self._is_at_end = not piece
        self._held += piece
        return not self._is_at_end


def _last(message: bytearray) -> bytes:
    """The last message, without the blank line that a separator would need."""
    whole = bytes(message)
    for blank in _BLANK_LAST:
        if whole.endswith(blank):
            return _unquoted(whole[: -len(blank) // 2])
    return _unquoted(b"" if whole in {b"\n", b"\r\n"} else whole)


def _unquoted(message: bytes) -> bytes:
    return _QUOTED.sub(rb"\1", message) if b">From " in message else message
