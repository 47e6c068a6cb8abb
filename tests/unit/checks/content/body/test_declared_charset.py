# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.declared_charset import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found, letter


def encoded(charset: str, octets: bytes):
    return letter(b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + octets + b"\n")


@pytest.mark.parametrize(
    ("charset", "octets", "name"),
    [
        ("us-ascii", b"Caf\xe9", "TEXT_NOT_ASCII"),
        ("us-ascii", "Café".encode(), "TEXT_NOT_ASCII"),
        ("utf-8", b"Caf\xe9 au lait", "TEXT_NOT_UTF8"),
        ("x-unknown-7", b"Hello", "TEXT_CHARSET_UNKNOWN"),
    ],
)
def test_what_is_not_as_it_says(charset, octets, name):
    assert found(CHECK, encoded(charset, octets)) == [name]


@pytest.mark.parametrize(
    ("charset", "octets"),
    [
        ("us-ascii", b"Coffee"),
        ("utf-8", "Café".encode()),
        ("iso-8859-1", b"Caf\xe9"),
        ("unknown-8bit", b"Caf\xe9"),
        ("iso-2022-jp", b"\x1b$B$3\x1b(B"),
        ("utf-8", ("x" * 8_191 + "é").encode()),
    ],
)
def test_near_misses(charset, octets):
    assert found(CHECK, encoded(charset, octets)) == []


def test_without_a_charset_nothing_is_promised():
    assert found(CHECK, letter("Subject: x\n\nCafé\n")) == []
    assert found(CHECK, plain("x")) == []
