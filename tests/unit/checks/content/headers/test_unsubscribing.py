# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.unsubscribing import CHECK
from tests.unit.checks.content.letters import found, letter

POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Precedence: bulk\n", ["BULK_WITHOUT_UNSUBSCRIBE"]),
        ("X-Campaign-Id: 4711\n", ["BULK_WITHOUT_UNSUBSCRIBE"]),
        (f"List-Unsubscribe: <mailto:u@news.example>\n{POST}", ["UNSUBSCRIBE_ONE_CLICK_FALSE"]),
        (f"List-Unsubscribe: <http://news.example/u>\n{POST}", ["UNSUBSCRIBE_ONE_CLICK_FALSE"]),
        ("List-Unsubscribe: click below\n", ["UNSUBSCRIBE_UNREADABLE"]),
        ("List-Unsubscribe: https://news.example/u\n", ["UNSUBSCRIBE_UNREADABLE"]),
        (f"Precedence: bulk\nList-Unsubscribe: <mailto:u@news.example>,\n <https://news.example/u>\n{POST}", []),
        (f"List-Unsubscribe: <https:\n //news.example/u>\n{POST}", []),
        ("Precedence: bulk\nList-Unsubscribe: <mailto:u@news.example>\n", []),
        # An automatic answer, and a list without that field.
        ("Precedence: bulk\nAuto-Submitted: auto-replied\n", []),
        ("Precedence: bulk\nIn-Reply-To: <1@example.com>\n", []),
        ("Precedence: bulk\nList-Id: <l.lists.example>\n", []),
        ("Precedence: list\n", []),
        # Receipts and the like go through the same services.
        ("Feedback-ID: 1.eu-west-1.abc=:AmazonSES\n", []),
        ("Subject: Hello\n", []),
    ],
)
def test_bulk(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names


def test_a_list_of_old():
    assert found(CHECK, letter("Precedence: bulk\n\n", sender="owner-users@lists.example")) == []
    assert found(CHECK, letter("Precedence: bulk\n\n", sender="users-bounces@lists.example")) == []


def test_a_bounce_is_no_bulk():
    assert found(CHECK, letter("Precedence: bulk\n\n", sender="")) == []
