# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io

import pytest

from postward.app.replay.mbox import TooLarge, messages_of


def read(content: bytes, max_bytes: int = 2_000_000) -> list[bytes | None]:
    found = messages_of(io.BytesIO(content), max_bytes=max_bytes)
    return [None if isinstance(message, TooLarge) else message for message in found]


ONE = b"From a@x Tue Nov 24 10:00:00 2026\nSubject: one\n\nbody\n\n"
TWO = b"From b@x Tue Nov 24 10:00:01 2026\nSubject: two\n\nbody\n"


def test_each_message_comes_without_its_separator_and_the_blank_line_before_the_next():
    assert read(ONE + TWO) == [b"Subject: one\n\nbody\n", b"Subject: two\n\nbody\n"]


def test_a_line_that_begins_with_from_is_a_separator_only_behind_a_blank_one():
    assert read(ONE.replace(b"body", b"body\nFrom here on")) == [b"Subject: one\n\nbody\nFrom here on\n"]


def test_quoted_lines_lose_one_mark():
    message = ONE.replace(b"body", b">From me\n>>From you\n> From nobody\n\n>From")
    assert read(message) == [b"Subject: one\n\nFrom me\n>From you\n> From nobody\n\n>From\n"]


def test_lines_may_end_in_crlf():
    assert read((ONE + TWO).replace(b"\n", b"\r\n")) == [
        b"Subject: one\r\n\r\nbody\r\n",
        b"Subject: two\r\n\r\nbody\r\n",
    ]


def test_a_message_that_is_too_large_is_passed_over_and_the_next_one_read():
    huge = ONE.replace(b"body", b"x" * 5000 + b"\n" + b"y" * 300_000)
    assert read(huge + TWO, max_bytes=1000) == [None, b"Subject: two\n\nbody\n"]


def test_a_line_of_a_megabyte_is_read_in_pieces_and_no_piece_is_a_separator():
    line = b"x" * 65_536 + b"From y" + b"z" * 1_000_000
    assert read(ONE.replace(b"body", line)) == [b"Subject: one\n\n" + line + b"\n"]


def test_a_separator_of_a_megabyte_ends_with_its_line():
    assert read(b"From " + b"x" * 1_000_000 + b"\nSubject: one\n\nbody\n") == [b"Subject: one\n\nbody\n"]


@pytest.mark.parametrize("offset", range(-12, 13))
def test_a_separator_is_found_wherever_the_pieces_end_that_are_read(offset):
    body = b"x" * ((1 << 20) - len(b"From a@x Tue Nov 24 10:00:00 2026\nSubject: one\n\n") + offset)
    found = read(ONE.replace(b"body", body) + TWO)
    assert found == [b"Subject: one\n\n" + body + b"\n", b"Subject: two\n\nbody\n"]
    assert read(ONE.replace(b"body", body * 3) + TWO, max_bytes=1000) == [None, b"Subject: two\n\nbody\n"]


@pytest.mark.parametrize("content", [b"", b"\n", b"no separator\n\nbody\n"])
def test_without_a_separator_there_is_no_message(content):
    assert read(content) == []


def test_an_empty_message_is_one():
    assert read(b"From a@x\n\nFrom b@x\n") == [b"", b""]
