# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are shown of a message is short, and nothing that a terminal would act on."""

from __future__ import annotations

import pytest

from postward.app.courier.preview import first_lines, shown_address, shown_addresses, shown_subject

HEAD = b"MIME-Version: 1.0\r\n"


def test_the_text_that_a_reader_would_see():
    content = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        b"<p>Dear <b>all</b></p><p>news</p>\r\n--b\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename=x.txt\r\n\r\nattached\r\n--b--\r\n"
    )
    shown = first_lines(content, 10)
    assert "Dear all" in shown[0]
    assert "attached" not in " ".join(shown)


def test_lines_are_few_and_short_and_empty_ones_are_left_out():
    content = HEAD + b"\r\n\r\n\r\n" + b"".join(b"%d \x1b[1m%s\n\n" % (number, b"x" * 500) for number in range(50))
    shown = first_lines(content, 3)
    assert [line[:9] for line in shown] == ["0 \\x1b[1m", "1 \\x1b[1m", "2 \\x1b[1m"]
    assert max(map(len, shown)) <= 201


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\r\n", b"\0\xff\r\n\r\n", b"no header at all",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)),
        HEAD + b"Content-Type: text/plain; charset=utf-16\r\n\r\n\x00",
    ],
)  # fmt: skip
def test_any_octets_have_a_preview(content):
    assert isinstance(first_lines(content, 10), tuple)


def test_addresses():
    assert shown_address("") == "<>"
    assert shown_address("a\udcff\r\n@b") == "a\\xff\\r\\n@b"
    assert shown_addresses([f"u{number}@b" for number in range(7)]) == "u0@b, u1@b, u2@b, u3@b, u4@b and 2 more"


def test_a_subject():
    assert shown_subject("=?utf-8?q?B=C3=BCcher_=E2=80=AE?=") == "B\u00fccher \\u202e"
    assert len(shown_subject("x" * 5_000)) == 201
