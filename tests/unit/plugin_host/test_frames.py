# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.frames import Frame, FrameBounds, FrameChannel

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDS = FrameBounds(json_bytes=1000, blobs=3, blob_bytes=50_000_000)


@pytest.fixture
def ends() -> Iterator[tuple[FrameChannel, FrameChannel, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield FrameChannel(ours, BOUNDS), FrameChannel(theirs, BOUNDS), theirs


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def test_frames_arrive_as_they_were_sent(ends: tuple[FrameChannel, FrameChannel, socket.socket]) -> None:
    ours, theirs, _ = ends
    frames = [Frame({"a": [1, "ä", None, "\ud800"]}), Frame({}, (b"", b"x" * 20_000_000, b"y"))]
    sender = threading.Thread(target=lambda: [ours.send(frame, soon()) for frame in frames])
    sender.start()
    assert [theirs.receive(soon()) for _ in frames] == frames
    sender.join()
    assert not theirs.has_more()


def test_nothing_in_time_is_a_failure(ends: tuple[FrameChannel, FrameChannel, socket.socket]) -> None:
    for deadline_s in (soon(0.05), soon(-1.0)):
        with pytest.raises(HostFailure) as failure:
            ends[0].receive(deadline_s)
        assert failure.value.kind is HostFailureKind.TIMEOUT


def test_a_reader_that_does_not_read_holds_nobody_up(ends: tuple[FrameChannel, FrameChannel, socket.socket]) -> None:
    with pytest.raises(HostFailure) as failure:
        ends[0].send(Frame({}, (b"x" * 20_000_000,)), soon(0.05))
    assert failure.value.kind is HostFailureKind.TIMEOUT


@pytest.mark.parametrize("octets", [b"", b"\0", b"\0\0\0\x05\0\0{", b"\0\0\0\x02\0\x01\0\0\0\x05{}abc"])
def test_an_end_within_a_frame_is_a_failure(
    ends: tuple[FrameChannel, FrameChannel, socket.socket], octets: bytes
) -> None:
    ours, _, endpoint = ends
    endpoint.sendall(octets)
    endpoint.close()
    with pytest.raises(HostFailure) as failure:
        ours.receive(soon())
    assert failure.value.kind is HostFailureKind.ENDED


@pytest.mark.parametrize(
    "octets",
    [
        b"\0\0\x10\0\0\0",
        b"\0\0\0\x02\0\x04",
        b"\0\0\0\x02\0\x01\xff\xff\xff\xff",
        b"\0\0\0\x02\0\0[]",
        b"\0\0\0\x02\0\0\xff\xff",
        b"\0\0\0\x09\0\0" + b'{"a":NaN}'[:9],
        b"\0\0\x03\xe8\0\0" + b"[" * 1000,
    ],
)
def test_what_is_no_frame_is_a_failure(ends: tuple[FrameChannel, FrameChannel, socket.socket], octets: bytes) -> None:
    ours, _, endpoint = ends
    endpoint.sendall(octets)
    with pytest.raises(HostFailure) as failure:
        ours.receive(soon())
    assert failure.value.kind is HostFailureKind.GARBAGE


@given(st.binary(max_size=200))
def test_any_octets_are_a_frame_or_a_failure(octets: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(octets)
        theirs.close()
        try:
            frame = FrameChannel(ours, BOUNDS).receive(soon())
        except HostFailure:
            return
        assert isinstance(frame.values, dict)


def test_what_waits_unasked_and_a_closed_end_are_noticed(
    ends: tuple[FrameChannel, FrameChannel, socket.socket],
) -> None:
    ours, _, endpoint = ends
    assert not ours.has_more()
    endpoint.sendall(b"x")
    assert ours.has_more()
    endpoint.close()
    assert ours.has_more()
