# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.alternatives import CHECK
from tests.unit.checks.content.letters import found, letter

ABC = "abcdefghijklmnopqrst"
WORDS = [f"{first}{second}word" for first in ABC for second in ABC]


def alternatives(text: str, html: str, kind: str = "alternative"):
    return letter(
        f"Content-Type: multipart/{kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n"
        f"<p>{html}</p>\n--c--\n--b--\n"
    )


def test_a_book_for_the_filter_and_pills_for_the_reader():
    message = alternatives(" ".join(WORDS[:100]), " ".join(WORDS[200:300]))
    assert found(CHECK, message) == ["BODY_ALTERNATIVES_DIFFER"]


def test_the_same_in_other_words():
    assert found(CHECK, alternatives(" ".join(WORDS[:100]), " ".join(WORDS[80:200]))) == []


def test_a_line_that_sends_the_reader_to_the_html():
    assert found(CHECK, alternatives("Please look at the HTML of this message.", " ".join(WORDS))) == []


def test_parts_that_are_no_alternatives():
    assert found(CHECK, alternatives(" ".join(WORDS[:100]), " ".join(WORDS[200:300]), kind="mixed")) == []
