# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.address_list import Mailbox, read_mailboxes


def box(name: str, address: str) -> Mailbox:
    return Mailbox(name=name, address=address, domain=address.rpartition("@")[2])


@pytest.mark.parametrize(
    ("value", "mailboxes"),
    [
        (b" bob@Example.COM", [box("", "bob@example.com")]),
        (b" Bob <bob@example.com>", [box("Bob", "bob@example.com")]),
        (b' "Doe, Bob" <bob@example.com>', [box("Doe, Bob", "bob@example.com")]),
        (b' "Bob \\"B\\" D" <b@c>', [box('Bob "B" D', "b@c")]),
        (b" =?utf-8?q?Doe=2C_B=C3=B6b?= <b@c>", [box("Doe, B\xf6b", "b@c")]),
        (b" =?utf-8?q?Doe,?= =?utf-8?q?_Bob?= <b@c>", [box("Doe, Bob", "b@c")]),
        (b' "=?utf-8?q?B=C3=B6b?=" <b@c>', [box("B\xf6b", "b@c")]),
        (b" b@c (Bob (the) one)", [box("Bob (the) one", "b@c")]),
        (b" a@b, c@d ; e@f,,", [box("", "a@b"), box("", "c@d"), box("", "e@f")]),
        (b" friends: A <a@b>, c@d; e@f", [box("A", "a@b"), box("", "c@d"), box("", "e@f")]),
        (b" undisclosed-recipients:;", []),
        (b" <@r.example,@s.example:u@v>", [box("", "u@v")]),
        (b' "a b"@c', [box("", '"a b"@c')]),
        (b' <"alice"@c>', [box("", "alice@c")]),
        (b' "ceo@corp.example" <x@evil.example>', [box("ceo@corp.example", "x@evil.example")]),
        (b" ceo@corp.example <x@evil.example>", [box("ceo@corp.example", "x@evil.example")]),
        (b' "ceo@corp.example"', [Mailbox(name="ceo@corp.example", address="", domain="")]),
        (b" Bob bob@c", [box("Bob", "bob@c")]),
        (b" a@[192.0.2.1]", [box("", "a@[192.0.2.1]")]),
        (b" Bob <bob@c", [box("Bob", "bob@c")]),
        (b" Bob\r\n\t<bob@c>", [box("Bob", "bob@c")]),
        (b" <a@b.>", [Mailbox(name="", address="a@b", domain="b")]),
        (b" B\xf6b <b@c>", [box("B\xf6b", "b@c")]),
        (b" nobody", [Mailbox(name="nobody", address="", domain="")]),
        (b" (never ends <a@b>", [box("(never ends", "a@b")]),
        (b' "never ends <a@b>', [Mailbox(name="never ends <a@b>", address="", domain="")]),
        (b"", []),
        (b" <>", []),
    ],
)
def test_mailboxes(value, mailboxes):
    assert list(read_mailboxes(value)) == mailboxes


def test_as_many_as_are_wanted():
    assert len(read_mailboxes(b"a@b," * 1_000)) == 200
    assert len(read_mailboxes(b"a@b," * 1_000, 3)) == 3
    assert read_mailboxes(b"a@b", 0) == ()
