# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random
import time

import pytest
from redis import exceptions

from postward.store.replies import Replies
from postward.store.wire import packed


class Source:
    """Gives octets in pieces, and then none."""

    def __init__(self, octets, piece=65_536):
        self._octets = octets
        self._piece = piece
        self._at = 0

    def recv(self, size):
        start = self._at
        self._at += min(size, self._piece)
        return self._octets[start : self._at]


WRITTEN = b"".join([
    b":7\r\n", b"$-1\r\n", b"$0\r\n\r\n", b"$5\r\na\r\nbc\r\n", b"+OK\r\n", b":-3\r\n", b"*-1\r\n", b"*0\r\n",
    b"*3\r\n$1\r\nx\r\n:1\r\n*1\r\n$2\r\n\r\n\r\n", b"*5\r\n$0\r\n\r\n$3\r\nabc\r\n$-1\r\n$1000\r\n", b"z" * 1_000,
    b"\r\n$999\r\n",
    b"z" * 999, b"\r\n", b"$70000\r\n" + b"y" * 70_000 + b"\r\n",
])  # fmt: skip
MEANT = [
    7,
    None,
    b"",
    b"a\r\nbc",
    b"OK",
    -3,
    None,
    [],
    [b"x", 1, [b"\r\n"]],
    [b"", b"abc", None, b"z" * 1_000, b"z" * 999],
    b"y" * 70_000,
]


@pytest.mark.parametrize("piece", [1, 2, 7, 65_536])
def test_answers_come_one_after_the_other_in_whatever_pieces(piece):
    replies = Replies(Source(WRITTEN, piece))
    assert [replies.take() for _ in MEANT] == MEANT
    with pytest.raises(exceptions.ConnectionError, match="closed"):
        replies.take()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("NOSCRIPT No matching script", exceptions.NoScriptError),
        ("READONLY You can't write against a read only replica", exceptions.ReadOnlyError),
        ("OOM command not allowed", exceptions.OutOfMemoryError),
        ("NOPERM this user has no permissions", exceptions.NoPermissionError),
        ("LOADING Redis is loading", exceptions.ResponseError),
        ("ERR", exceptions.ResponseError),
        ("", exceptions.ResponseError),
    ],
)
def test_an_error_is_an_answer_and_those_behind_it_are_read(line, error):
    replies = Replies(Source(b"-%b\r\n:1\r\n" % line.encode()))
    answer = replies.take()
    assert type(answer) is error
    assert str(answer) == line
    assert replies.take() == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"\r\n", b"HTTP/1.1 400\r\n", b":x\r\n", b":\r\n", b"$x\r\n", b"$99999999999\r\n", b"*99999999999\r\n",
        b"*x\r\n",
        b"*1\r\n" * 10 + b":1\r\n", b"%1\r\n+a\r\n+b\r\n", b"\xff\xfe\r\n", b"+" + b"x" * 200_000, b"*2\r\n:1\r\n!\r\n",
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(octets):
    with pytest.raises(exceptions.InvalidResponse):
        Replies(Source(octets)).take()


def take_all(replies):
    while True:
        replies.take()


def test_random_octets_raise_nothing_else_and_take_no_time():
    made = random.Random(9)
    alphabet = b"*$:+-0123456789\r\nab"
    before_s = time.monotonic()
    for _ in range(3_000):
        octets = bytes(made.choices(alphabet, k=60)).replace(b"a", b"\r\n")
        replies = Replies(Source(octets))
        with pytest.raises((exceptions.InvalidResponse, exceptions.ConnectionError)):
            take_all(replies)
    assert time.monotonic() - before_s < 60


def test_a_command_is_written_with_the_length_of_each_part():
    assert packed((b"GET", b"a\r\nb")) == b"*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\n"
