# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.message_id import CHECK
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from tests.unit.checks.content.letters import found, letter

OURS = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="example.com", identity="scanner@example.com")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("<CAF+abc=_1.2@mail.gmail.com>", []),
        ("<p05111a52b98d5a63710c@[192.0.2.22]>", []),
        ("<1234.abcd@xn--bcher-kva.example> (added by postmaster@relay.example)", []),
        ("<id@bücher.example>", []),
        ("", ["MESSAGE_ID_MISSING"]),
        ("<E9D312B69C2346E800C76D2E9BC3F4A8>", ["MESSAGE_ID_MALFORMED"]),
        ("20260921@sender.example", ["MESSAGE_ID_MALFORMED"]),
        ("<00002f90499a$00004a85@.>", ["MESSAGE_ID_HOST_ODD"]),
        ("<id@WIN-4F0K2>", ["MESSAGE_ID_HOST_LOCAL"]),
        ("<20260921141320.AB12@mx1.example.com>", ["MESSAGE_ID_OURS"]),
    ],
)
def test_message_id(value, names):
    assert found(CHECK, letter(f"From: alice@sender.example\nMessage-ID: {value}\n\n")) == names


def test_our_own_mail_comes_back_with_our_id():
    message_id = "Message-ID: <1@mx1.example.com>\n"
    assert found(CHECK, letter(f"From: carol@example.com\n{message_id}\n")) == []
    assert found(CHECK, letter(f"From: list@lists.example\nList-Id: <l.lists.example>\n{message_id}\n")) == []


def test_a_scanner_of_ours_writes_none():
    text = "From: scanner@example.com\n\n"
    assert found(CHECK, letter(text, sender="scanner@example.com", spf=OURS)) == []
    assert found(CHECK, letter(text, sender="scanner@example.com")) == ["MESSAGE_ID_MISSING"]
    other = "From: scanner@other.example\n\n"
    assert found(CHECK, letter(other, sender="scanner@example.com", spf=OURS)) == ["MESSAGE_ID_MISSING"]
