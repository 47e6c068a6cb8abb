# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.reply_to import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("author", "reply_to", "names"),
    [
        ("ceo@firm.example", "ceo.firm@gmail.com", ["REPLY_TO_FREEMAIL"]),
        ("mrs.lottery@yahoo.com", "claims-agent77@hotmail.com", ["REPLY_TO_OTHER_FREEMAIL"]),
        ("info1@gmail.com", "barrister.k@gmail.com", ["REPLY_TO_OTHER_FREEMAIL"]),
        ("news@firm.example", "office@firm.example", []),
        ("news@firm.example", "answers@agency.example", []),
        ("dave.doe@gmail.com", "Dave.Doe@outlook.com", []),
        ("dave.doe@gmail.com", "dave.doe@gmail.com", []),
        # A form on our own site.
        ("form@www.example.com", "visitor@gmail.com", []),
        ("news@firm.example", "a@gmail.com, b@firm.example", []),
    ],
)
def test_reply_to(author, reply_to, names):
    assert found(CHECK, letter(f"From: {author}\nReply-To: {reply_to}\n\n")) == names


def test_a_list_lets_answers_go_to_the_author():
    text = "From: l@lists.example\nReply-To: dave@gmail.com\nList-Id: <l.lists.example>\n\n"
    assert found(CHECK, letter(text)) == []


def test_no_field():
    assert found(CHECK, letter("From: ceo@firm.example\n\n")) == []
