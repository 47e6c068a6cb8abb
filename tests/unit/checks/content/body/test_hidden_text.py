# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.hidden_text import CHECK
from tests.unit.checks.content.body.attaching import html
from tests.unit.checks.content.letters import found

ABC = "abcdefghijklmnopqrst"
WORDS = [f"{first}{second}{third}word" for first in ABC[:5] for second in ABC[:5] for third in ABC[:6]]


@pytest.mark.parametrize("style", ["display:none", "font-size:0px", "color:#ffffff;background-color:#ffffff"])
def test_the_words_of_a_book_that_nobody_sees(style):
    message = html(f"<a href='https://pills.example/'>Buy now</a><div style='{style}'>{' '.join(WORDS)}</div>")
    assert found(CHECK, message) == ["HTML_HIDDEN_TEXT"]


def test_the_words_behind_the_subject_in_a_list_of_messages():
    padding = "&#847;&zwnj;&nbsp;" * 150
    preheader = f"<div style='display:none;max-height:0'>Our summer sale begins today {padding}</div>"
    assert found(CHECK, html(f"{preheader}<p>{' '.join(WORDS)}</p>")) == []
    assert found(CHECK, html(f"{preheader}<p>The sale has begun.</p>")) == []


def test_one_text_for_large_and_one_for_small_screens():
    text = " ".join(WORDS)
    assert found(CHECK, html(f"<div>{text}</div><div style='display:none'>{text}</div>")) == []


def test_much_text_with_something_hidden():
    assert found(CHECK, html(f"<p>{' '.join(WORDS[:80])}</p><p style='display:none'>{' '.join(WORDS[80:])}</p>")) == []
