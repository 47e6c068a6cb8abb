"""Read an mbox (RFC 4155) as mboxrd quotes it, in one pass and with one message in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE_BYTES = 65_536
"""A longer line comes in pieces."""
_FROM = b"From "
_QUOTED = re.compile(rb">++From ")
_BLANK = (b"\n", b"\r\n")
_BLANK_LAST = (b"\r\n\r\n", b"\n\n")


class TooLarge:
    """Stands for a message that is larger than what is kept in memory."""


TOO_LARGE = TooLarge()


def messages_of(file: BinaryIO, *, max_bytes: int) -> Iterator[bytes | TooLarge]:
    """Give each message without its separator; one of more than ``max_bytes`` is passed over.

    A separator begins with ``From `` and follows a blank line, or is the first line.
    """
    # Not a list of lines, of which each would take many times its own size.
    kept: bytearray | None = None
    is_too_large = False
    for line in _lines(file):
        if line is None:
            if kept is not None:
                yield TOO_LARGE if is_too_large else _without_last_blank(kept)
            kept, is_too_large = bytearray(), False
        elif kept is not None and not is_too_large:
            is_too_large = len(kept) + len(line) > max_bytes
            kept += b"" if is_too_large else line
    if kept is not None:
        yield TOO_LARGE if is_too_large else _without_last_blank(kept)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Give lines, the long ones in pieces, and None for a separator."""
    follows_blank, begins_line = True, True
    while piece := file.readline(_PIECE_BYTES):
        if begins_line and follows_blank and piece.startswith(_FROM):
            yield None
            _skip_rest(file, piece)
            follows_blank, begins_line = False, True
            continue
        yield piece[1:] if begins_line and _QUOTED.match(piece) else piece
        follows_blank = begins_line and piece in _BLANK
        begins_line = piece.endswith(b"\n")


def _skip_rest(file: BinaryIO, piece: bytes) -> None:
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(_PIECE_BYTES)


def _without_last_blank(message: bytearray) -> bytes:
    """Leave the blank line away that the next separator needs."""
    if message in _BLANK:
        return b""
    for blank in _BLANK_LAST:
        if message.endswith(blank):
            return bytes(message[: -len(blank) // 2])
    return bytes(message)
