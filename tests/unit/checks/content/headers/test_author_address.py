# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.author_address import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from tests.unit.checks.content.letters import found, letter

PASS = DmarcResult(status=DmarcStatus.PASS)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Alice", ["AUTHOR_WITHOUT_ADDRESS"]),
        ("", ["AUTHOR_WITHOUT_ADDRESS"]),
        ("batone38812@hotmail.com", ["AUTHOR_MANY_DIGITS"]),
        # A number that the university has given.
        ("mb123456@students.uni.example", []),
        ("carol1984@freemail.example", []),
        ("kevin+dated+1027702868@sender.example", []),
        ("bounce_216095411795471888@mailer.example", []),
        ("ticket+12345678@portal.example", []),
        ("123456789@qq.com", []),
        ("a123456789@qq.com", []),
        ("4915112345678@sms.example", []),
        ("Alice <alice@sender.example>", []),
    ],
)
def test_author(author, names):
    assert found(CHECK, letter(f"From: {author}\n\n")) == names


def test_the_recipient_as_author():
    text = "From: Bob <Bob@example.com>\nTo: bob@example.com\n\n"
    assert found(CHECK, letter(text)) == ["AUTHOR_IS_RECIPIENT"]
    assert found(CHECK, letter(text, dmarc=PASS)) == []


def test_a_note_to_oneself_by_a_host_that_spf_names():
    spf = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="example.com", identity="bob@example.com")
    text = "From: bob@example.com\n\n"
    assert found(CHECK, letter(text, sender="bob@example.com", spf=spf)) == []
    assert found(CHECK, letter(text, sender="x@evil.example", spf=spf)) == ["AUTHOR_IS_RECIPIENT"]


def test_what_comes_back_from_a_list():
    assert found(CHECK, letter("From: bob@example.com\nList-Id: <l.lists.example>\n\n")) == []
