# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.shown_recipients import CHECK
from tests.unit.checks.content.letters import found, letter

MANY = [f"user{number}@example.com" for number in range(10)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("From: alice@sender.example\n", ["TO_MISSING"]),
        ("To:\n", ["TO_MISSING"]),
        ("To: undisclosed-recipients:;\n", ["TO_UNDISCLOSED"]),
        ("To: Undisclosed recipients: ;\n", ["TO_UNDISCLOSED"]),
        ("To: Friends\n", ["TO_WITHOUT_ADDRESS"]),
        ("To: bob@example.com\n", []),
        ("Cc: bob@example.com\n", []),
        ("List-Id: <l.lists.example>\n", []),
    ],
)
def test_to(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names


def test_many_of_us_at_once():
    hidden = letter("To: undisclosed-recipients:;\n\n", recipients=MANY)
    assert found(CHECK, hidden) == ["TO_UNDISCLOSED", "TO_UNDISCLOSED_MANY"]
    assert found(CHECK, letter("To: all@example.com\n\n", recipients=MANY)) == []
    assert found(CHECK, letter("To: undisclosed-recipients:;\n\n", recipients=MANY[:9])) == ["TO_UNDISCLOSED"]
