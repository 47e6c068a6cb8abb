# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames on a stream socket: one JSON object and some blobs of octets, each bounded before it is read.

Layout, big-endian: length of the JSON (4), number of blobs (2), length of each blob (4 each), the JSON, the blobs.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postward.plugin_host.errors import HostFailure, HostFailureKind

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = struct.Struct(">IH")
_LENGTH_BYTES = 4
_LENGTH_TYPE = "I"
_LATE = "it has not answered in time"
_CLOSED = "it has closed the channel"
_PEEK = socket.MSG_PEEK | socket.MSG_DONTWAIT


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of the channel."""

    values: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameBounds:
    """The largest frame that is read; what claims to be larger is refused unread."""

    json_bytes: int = 262_144
    blobs: int = 0
    blob_bytes: int = 0
    """Of all blobs together."""


class FrameChannel:
    """One end of the socket; used by one thread at a time."""

    def __init__(
        self, endpoint: socket.socket, bounds: FrameBounds, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``bounds`` of what is received."""
        self._socket = endpoint
        self._bounds = bounds
        self._clock = clock

    def send(self, frame: Frame, deadline_s: float | None = None) -> None:
        """Send one frame; ``deadline_s`` by the clock, None waits for ever.  Raises HostFailure."""
        content = json.dumps(frame.values, allow_nan=False).encode()
        lengths = struct.pack(f">{len(frame.blobs)}{_LENGTH_TYPE}", *map(len, frame.blobs))
        head = _HEAD.pack(len(content), len(frame.blobs)) + lengths
        pieces = [memoryview(piece) for piece in (head + content, *frame.blobs) if piece]
        while pieces:
            sent = self._tried(lambda: self._socket.sendmsg(pieces), deadline_s)
            while pieces and sent >= len(pieces[0]):
                sent -= len(pieces.pop(0))
            if sent:
                pieces[0] = pieces[0][sent:]

    def receive(self, deadline_s: float | None = None) -> Frame:
        """Read one frame; raises HostFailure where none comes in time, the other end is gone, or it is no frame."""
        json_bytes, blobs = _HEAD.unpack(self._read(_HEAD.size, deadline_s))
        if json_bytes > self._bounds.json_bytes or blobs > self._bounds.blobs:
            raise HostFailure(HostFailureKind.GARBAGE, "a frame is too large")
        lengths = struct.unpack(f">{blobs}{_LENGTH_TYPE}", self._read(blobs * _LENGTH_BYTES, deadline_s))
        if sum(lengths) > self._bounds.blob_bytes:
            raise HostFailure(HostFailureKind.GARBAGE, "a frame is too large")
        values = _object(self._read(json_bytes, deadline_s))
        return Frame(values, tuple(bytes(self._read(length, deadline_s)) for length in lengths))

    def has_more(self) -> bool:
        """Tell whether something waits to be read that nobody has asked for, or the other end is gone."""
        self._socket.settimeout(0)
        try:
            self._socket.recv(1, _PEEK)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _read(self, length: int, deadline_s: float | None) -> bytearray:
        # The length is within the bounds, so that what a hostile end claims costs no more than they allow.
        octets = bytearray(length)
        left = memoryview(octets)
        while left:
            count = self._tried(lambda: self._socket.recv_into(left), deadline_s)  # noqa: B023 - called at once
            if not count:
                raise HostFailure(HostFailureKind.ENDED, _CLOSED)
            left = left[count:]
        return octets

    def _tried(self, action: Callable[[], Any], deadline_s: float | None) -> Any:
        left_s = None if deadline_s is None else deadline_s - self._clock()
        if left_s is not None and left_s <= 0:
            raise HostFailure(HostFailureKind.TIMEOUT, _LATE)
        try:
            self._socket.settimeout(left_s)
            return action()
        except TimeoutError as error:
            raise HostFailure(HostFailureKind.TIMEOUT, _LATE) from error
        except OSError as error:
            raise HostFailure(HostFailureKind.ENDED, _CLOSED) from error


def _object(content: bytearray) -> dict[str, Any]:
    try:
        values = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise HostFailure(HostFailureKind.GARBAGE, "a frame is not JSON") from error
    if not isinstance(values, dict):
        raise HostFailure(HostFailureKind.GARBAGE, "a frame is not a JSON object")
    return values


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is not JSON")
