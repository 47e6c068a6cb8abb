# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.broken_structure import CHECK
from tests.unit.checks.content.body.attaching import PDF, with_file
from tests.unit.checks.content.letters import found, letter


def nested(depth: int) -> str:
    text = "Content-Type: text/plain\n\nx\n"
    for level in range(depth):
        boundary = f"b{level}-"
        text = f"Content-Type: multipart/mixed; boundary={boundary}\n\n--{boundary}\n{text}\n--{boundary}--\n"
    return text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Content-Type: multipart/mixed\n\ntext\n", "MIME_NO_PARTS"),
        ("Content-Type: multipart/mixed; boundary=b\n\n--c\n\ntext\n--c--\n", "MIME_NO_PARTS"),
        ("Content-Transfer-Encoding: base65\n\ntext\n", "MIME_UNKNOWN_ENCODING"),
        ("Content-Type: text/plain\nContent-Type: text/html\n\ntext\n", "MIME_SEVERAL_TYPES"),
        (nested(10), "MIME_NESTED_DEEP"),
    ],
)
def test_what_readers_see_differently(text, name):
    assert found(CHECK, letter(text)) == [name]


@pytest.mark.parametrize(
    "message",
    [
        letter("Content-Type: multipart/mixed; boundary=b\n\n"),
        letter("Content-Transfer-Encoding: 8BIT\n\ntext\n"),
        letter("Content-Type: text/plain\nContent-Type: text/plain\n\ntext\n"),
        letter(nested(4)),
        with_file("a.pdf", PDF),
    ],
)
def test_near_misses(message):
    assert found(CHECK, message) == []
