# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.recipient_name import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Bob Miller <offers@shop.example>", ["NAME_OF_RECIPIENT"]),
        ('"Miller, Bob" <x9@gmail.com>', ["NAME_OF_RECIPIENT"]),
        # Himself, from home or by another address of ours.
        ("Bob Miller <bob1980@gmail.com>", []),
        ("Bob Miller <office@mail.example.com>", []),
        ("Carol Miller <offers@shop.example>", []),
        ("Bob <offers@shop.example>", []),
        ("offers@shop.example", []),
    ],
)
def test_author(author, names):
    message = letter(f"From: {author}\n\n", recipients=["carol@example.com", "bob.miller@example.com"])
    assert found(CHECK, message) == names


def test_one_word_is_no_name():
    assert found(CHECK, letter("From: The Info <x9@gmail.com>\n\n", recipients=["info@example.com"])) == []


def test_his_own_words_come_back_from_a_list():
    text = "From: Bob Miller <l@lists.example>\nList-Id: <l.lists.example>\n\n"
    assert found(CHECK, letter(text, recipients=["bob.miller@example.com"])) == []
