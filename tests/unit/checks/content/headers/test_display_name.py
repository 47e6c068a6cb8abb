# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.display_name import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"service@bank.example" <x9@cheap-host.example.net>', ["NAME_HOLDS_OTHER_ADDRESS"]),
        ('"Bank <service@bank.example>" <x9@cheap-host.example.net>', ["NAME_HOLDS_OTHER_ADDRESS"]),
        ("=?utf-8?q?carol=40example=2Ecom?= <x9@gmail.com>", ["NAME_HOLDS_OUR_ADDRESS"]),
        ('"example.com Helpdesk" <x9@gmail.com>', ["NAME_HOLDS_OUR_DOMAIN"]),
        ('"Mail Admin (Example.com)" <x9@gmail.com>', ["NAME_HOLDS_OUR_DOMAIN"]),
        # The same firm, by another of its hosts.
        ('"service@bank.example" <service@mail.bank.example>', []),
        ('"Helpdesk example.com" <help@mail.example.com>', []),
        ('"carol@other.example via Portal" <noreply@portal.example>', []),
        ("Dr. Carol Doe <carol@other.example>", []),
        ('"Acme Inc." <news@acme.example>', []),
        ("myexample.com news <news@acme.example>", []),
        ("x9@gmail.com", []),
        ("", []),
    ],
)
def test_name(author, names):
    assert found(CHECK, letter(f"From: {author}\n\n")) == names


def test_a_portal_that_writes_for_somebody_to_whom_answers_go():
    text = '\nFrom: "dave@other.example" <ticket@portal.example>\nReply-To: Dave@other.example\n\n'
    assert found(CHECK, letter(text)) == []


def test_a_list_that_puts_its_own_address_there():
    text = '\nFrom: "dave@other.example" <l@lists.example>\nList-Id: <l.lists.example>\n\n'
    assert found(CHECK, letter(text)) == []


def test_a_provider_is_nobody_s_own_name():
    text = '\nFrom: "gmail.com user" <dave@other.example>\n\n'
    assert found(CHECK, letter(text, recipients=["bob@gmail.com"])) == []
