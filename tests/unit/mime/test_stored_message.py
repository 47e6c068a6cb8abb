# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.stored_message import take_message
from postward.model.transaction import Transaction


def taken(content):
    transaction = Transaction("t", started_s=0)
    take_message(transaction, content)
    return [(field.name, field.value) for field in transaction.fields], bytes(transaction.body)


def test_header_fields_are_kept_to_the_byte():
    fields, body = taken(b"Subject :  x \r\n\tfolded\r\nFrom:a@b\r\n\r\nbody\r\n")
    assert fields == [(b"Subject ", b"  x \r\n\tfolded"), (b"From", b"a@b")]
    assert body == b"body\r\n"


def test_a_file_with_bare_line_feeds_is_read_as_sent():
    assert taken(b"A: b\n c\n\nx\ny") == ([(b"A", b" b\r\n c")], b"x\r\ny")


def test_a_stray_line_feed_ends_its_line_and_a_stray_carriage_return_is_data():
    assert taken(b"A: b\n c\r\n\r\nx\ny\rz\r\n") == ([(b"A", b" b\r\n c")], b"x\r\ny\rz\r\n")


def test_an_mbox_separator_is_skipped():
    assert taken(b"From a@b Tue Nov 24\nA: b\n\nx")[0] == [(b"A", b" b")]


@pytest.mark.parametrize("name", [b"From", b"From ", b"From \t", b"FROM "])
def test_a_from_field_at_the_top_is_no_mbox_separator(name):
    assert taken(name + b": a@b\r\n\r\nx") == ([(name, b" a@b")], b"x")


@pytest.mark.parametrize("content", [b"A: b\r\nno field\r\nrest", b"A: b\r\n: empty name\r\n"])
def test_a_line_that_is_no_field_begins_the_body(content):
    fields, body = taken(content)
    assert fields == [(b"A", b" b")]
    assert body == content[6:]


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\n", b"A: b", b"A: b\r\n", b"A: b\r\n\r\n"])
def test_a_message_may_end_anywhere(content):
    assert taken(content)[1] == b""


def test_a_header_of_continuation_lines_takes_linear_work():
    fields, _ = taken(b"A: b\r\n" + b" c\r\n" * 200_000 + b"\r\nx")
    assert len(fields) == 1
