# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest

from postward.checks.content.body.needless_base64 import CHECK
from tests.unit.checks.content.body.attaching import PDF, with_file
from tests.unit.checks.content.letters import found, letter


def wrapped(text: bytes, charset: str):
    return letter(
        f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(text).decode()}\n"
    )


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", '""'])
def test_plain_words_that_are_wrapped(charset):
    assert found(CHECK, wrapped(b"<p>Buy our pills today</p>", charset)) == ["TEXT_NEEDLESS_BASE64"]


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Café".encode("cp1252"), "iso-8859-1"),
        (b"Hello", "utf-8"),
        (b"\x1b$B$3\x1b(B", "iso-2022-jp"),
        (b"", "us-ascii"),
    ],
)
def test_near_misses(text, charset):
    assert found(CHECK, wrapped(text, charset)) == []


def test_files_are_wrapped():
    assert found(CHECK, with_file("a.pdf", PDF)) == []


@pytest.mark.parametrize("charset", ["gb2312", "ks_c_5601-1987", "koi8-r", "windows-1251"])
def test_english_of_programs_that_wrap_all_text_of_their_country(charset):
    assert found(CHECK, wrapped(b"<p>Please find our quotation attached.</p>", charset)) == []
