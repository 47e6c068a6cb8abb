# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address

import pytest

from postward.model.header import HeaderField, Headers
from postward.rules.given_reputation import given_reputation
from postward.rules.message.header_view import HeaderView
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from postward.rules.message.views import AuthView
from postward.rules.message.wire import from_wire, to_wire
from postward.rules.needs import ALL_NEEDS, Need
from postward.rules.working_copy import WorkingCopy

RAW = (
    b"From: Ann <ann@corp.example>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nX-Raw: \xff\x00\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n'
    b'Content-Disposition: attachment; filename="a.bin"\r\n\r\nMZ\r\n--b--\r\n'
)


def sent(message, needs=ALL_NEEDS):
    values, octets = to_wire(message, needs)
    return from_wire(json.loads(json.dumps(values)), octets, StaticDirectory())


@pytest.fixture
def message():
    made = message_from(
        RAW,
        mail_from="ann@corp.example",
        recipients=["bob@corp.example", "out@\udcff.example"],
        ip="2001:db8::1",
        helo="h\udcff",
        user="ann@corp.example",
        hosted=["corp.example"],
        now_s=12.5,
    )
    auth = AuthView(spf="pass", dkim="pass", dkim_domains=("corp.example",), dmarc="pass")
    reputation = given_reputation({"ip": {"bad_percent": 40}, "from": {"messages": 3}}, is_correspondent=True)
    return replace(made, auth=auth, reputation=reputation, score=1.5, symbols={"A": 1.5}, tags=frozenset({"t"}))


def test_everything_arrives(message):
    copy = sent(message)
    for name in ("id", "now_s", "stage", "origin", "tenant", "sender", "recipients", "auth", "reputation",
                 "score", "tags", "subject", "size_bytes", "body_text", "flags", "direction"):  # fmt: skip
        assert getattr(copy, name) == getattr(message, name), name
    assert dict(copy.symbols) == {"A": 1.5}
    assert [field.raw for field in copy.headers.fields] == [field.raw for field in message.headers.fields]
    assert [part.filename for part in copy.attachments] == ["a.bin"]
    assert copy.client.address == ip_address("2001:db8::1")
    assert copy.client.helo == "h\udcff"


def test_only_what_is_needed_goes(message):
    copy = sent(message, {Need.ENVELOPE})
    assert (len(copy.headers), copy.auth, copy.score, dict(copy.symbols)) == (0, AuthView(), 0.0, {})
    assert copy.reputation is None
    assert copy.size_bytes == message.size_bytes
    assert copy.body_text == ""
    assert bytes(copy.content.body) == b""


def test_the_header_goes_without_the_body(message):
    values, octets = to_wire(message, {Need.HEADERS})
    assert octets[2] == b""
    assert from_wire(values, octets, StaticDirectory()).subject == "Gr\u00fc\u00dfe"


def test_a_changed_header_leaves_the_parts_readable(message):
    changed = WorkingCopy(message)
    changed.slots = [slot for slot in changed.slots if slot.field.key != b"content-type"]
    changed.fields_changed()
    copy = sent(changed.message)
    assert "content-type" not in copy.headers
    assert [part.filename for part in copy.attachments] == ["a.bin"]


def test_the_recipient_that_is_looked_at_is_the_same(message):
    looked_at = replace(message, recipient=message.recipients[1])
    assert sent(looked_at).recipient == message.recipients[1]


def test_values_may_hold_any_octet(message):
    fields = Headers([HeaderField(b"X-\xff", b" a:\r\n\tb\x00"), HeaderField(b"", b"")])
    copy = sent(replace(message, headers=HeaderView(fields)))
    assert list(copy.headers.fields) == list(fields)


@pytest.mark.parametrize("missing", ["recipients", "client", "auth", "reputation", "has_body"])
def test_what_was_not_made_here_is_refused(message, missing):
    values, octets = to_wire(message, ALL_NEEDS)
    del values[missing]
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_wire(values, octets, StaticDirectory())
