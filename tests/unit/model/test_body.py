# SPDX-License-Identifier: GPL-3.0-or-later
"""The body in memory and beyond."""

from __future__ import annotations

import pytest

from postward.model.body import Body


class Kept:
    """An overflow that keeps what it gets, up to a bound."""

    def __init__(self, room_bytes=1000):
        self.content = b""
        self.room_bytes = room_bytes

    def append(self, chunk):
        if len(self.content) + len(chunk) > self.room_bytes:
            raise OSError(28, "No space left on device")
        self.content += chunk

    def chunks(self):
        yield self.content


def test_pieces_come_back_in_order_and_are_counted():
    body = Body()
    for chunk in (b"one", b"", b"two"):
        body.append(chunk)
    assert (bytes(body), body.size_bytes) == (b"onetwo", 6)


def test_what_memory_does_not_hold_goes_to_the_overflow_and_comes_back_behind_it():
    overflow = Kept()
    body = Body(memory_bytes=5, make_overflow=lambda: overflow)
    for chunk in (b"abc", b"def", b"g"):
        body.append(chunk)
    assert overflow.content == b"defg"
    assert (bytes(body), body.size_bytes) == (b"abcdefg", 7)
    assert bytes(body) == b"abcdefg"


def test_no_overflow_is_made_for_a_body_that_fits():
    made = []
    body = Body(memory_bytes=5, make_overflow=lambda: made.append(1) or Kept())
    body.append(b"abcde")
    assert not made


def test_an_overflow_without_room_is_told():
    body = Body(memory_bytes=0, make_overflow=lambda: Kept(room_bytes=1))
    with pytest.raises(OSError, match="No space"):
        body.append(b"ab")


def test_a_body_without_content_still_tells_its_size():
    hollow = Body(b"content").without_content()
    assert (bytes(hollow), hollow.size_bytes) == (b"", 7)
