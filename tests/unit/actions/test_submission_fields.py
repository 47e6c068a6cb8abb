# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest

from postward.actions.delivery import delivered_headers
from postward.actions.submission import Mismatch, SubmissionSettings
from postward.actions.submission_fields import NO_CHANGE, SubmissionFields, submission_fields
from postward.model.action import Plan, RemoveHeader
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.header import HeaderField
from postward.model.origin import Direction, Origin
from postward.model.sender_rights import Permission, SenderRights
from postward.model.transaction import Transaction

NOW_S = 1_795_521_600.9
SETTINGS = SubmissionSettings(message_id_domain="mx.example.com")
REPLACING = SubmissionSettings(
    on_envelope_mismatch=Mismatch.REPLACE, on_from_mismatch=Mismatch.REPLACE, complete=False
)  # fmt: skip
COMPLETE = ("Date: Mon, 1 Jan 2024 00:00:00 +0000", "Message-ID: <a@b.example>")
OWN = "alice@example.com"


def message(*fields, direction=Direction.OUTBOUND, arguments=()):
    transaction = Transaction("t", started_s=0)
    transaction.origin = Origin(direction=direction, reason="r", client=None, helo="")
    transaction.sender = Sender(address=EnvelopeAddress(OWN), arguments=arguments)
    for field in fields:
        name, _, value = field.partition(":")
        transaction.fields.append(HeaderField(name.encode(), value.encode("utf-8", "surrogateescape")))
    return transaction


def rights(envelope=Permission.ALLOWED, header_from=Permission.ALLOWED, own_address=OWN):
    return SenderRights(envelope=envelope, header_from=header_from, own_address=own_address)


DENIED_FROM = rights(header_from=Permission.DENIED)


def changed(transaction, found, settings=SETTINGS):
    return submission_fields(transaction, found, settings, NOW_S, lambda count: b"\xa5" * count)


def delivered(transaction, found, settings=SETTINGS):
    fields = changed(transaction, found, settings)
    plan = Plan(removals=fields.removals, additions=fields.additions)
    return [field.raw.decode("utf-8") for field in delivered_headers(transaction, plan)]


def test_mail_without_them_gets_date_and_message_id_at_the_bottom():
    assert delivered(message("From: a@example.com", "X-Last: 1"), rights()) == [
        "From: a@example.com\r\n",
        "X-Last: 1\r\n",
        "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\n",
        "Message-ID: <uws2ljnfuws2ljnfuws2ljnf@mx.example.com>\r\n",
    ]
    assert all(addition.at_bottom for addition in changed(message(), rights()).additions)


def test_what_is_there_stays():
    assert changed(message(*COMPLETE), rights()) == SubmissionFields()
    assert changed(message("date : x", "MESSAGE-id:"), rights()) == SubmissionFields()


def test_the_date_is_rfc_5322s_and_the_id_is_a_msg_id():
    parsed = message_from_bytes("".join(delivered(message("From: a@b"), None)).encode())
    assert parsedate_to_datetime(parsed["Date"]).timestamp() == int(NOW_S)
    left, _, right = parsed["Message-ID"].strip("<>").partition("@")
    assert (left.isalnum(), right) == (True, "mx.example.com")


def test_the_message_id_comes_from_enough_randomness():
    asked = []
    submission_fields(message(), None, SETTINGS, NOW_S, lambda count: asked.append(count) or bytes(count))
    assert asked == [15]


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.LOOPBACK, Direction.REINJECTED])
def test_mail_of_others_is_left_alone(direction):
    assert changed(message("From: a@b.example", direction=direction), DENIED_FROM, REPLACING) == NO_CHANGE


def test_completion_can_be_switched_off():
    assert changed(message("From: a@b"), None, replace(SETTINGS, complete=False)) == NO_CHANGE


@pytest.mark.parametrize("permission", [Permission.ALLOWED, Permission.NOT_JUDGED, Permission.UNAVAILABLE])
@pytest.mark.parametrize("settings", [SETTINGS, REPLACING])
def test_only_what_is_denied_is_changed(permission, settings):
    transaction = message(*COMPLETE, "From: a@b.example", "Sender: c@d.example")
    assert changed(transaction, rights(permission, permission), settings) == NO_CHANGE


def test_who_may_not_use_from_is_named_in_sender():
    assert delivered(message(*COMPLETE, "From: ceo@bank.example"), DENIED_FROM)[2:] == [
        "From: ceo@bank.example\r\n", "Sender: alice@example.com\r\n",
    ]  # fmt: skip


def test_there_are_never_two_senders():
    transaction = message("sender: x@bank.example", *COMPLETE, "From: ceo@bank.example", "SENDER : y@bank.example")
    found = delivered(transaction, DENIED_FROM)
    assert [line for line in found if line.lower().startswith("sender")] == ["Sender: alice@example.com\r\n"]
    assert changed(transaction, DENIED_FROM).removals == (
        RemoveHeader(name=b"sender", occurrence=1, position=0),
        RemoveHeader(name=b"SENDER ", occurrence=2, position=4),
    )


@pytest.mark.parametrize("own", ["", '"a b"@example.com', "a\r\nBcc:x@example.com", "\xe4@example.com", "alice"])
def test_a_false_sender_goes_also_where_none_can_be_written(own):
    transaction = message(*COMPLETE, "From: ceo@bank.example", "Sender: x@bank.example")
    found = rights(header_from=Permission.DENIED, own_address=own)
    assert delivered(transaction, found)[2:] == ["From: ceo@bank.example\r\n"]


def test_an_internationalized_message_bears_an_internationalized_address():
    transaction = message(*COMPLETE, "From: ceo@bank.example", arguments=("SMTPUTF8",))
    found = rights(header_from=Permission.DENIED, own_address="\xe4@example.com")
    assert delivered(transaction, found)[-1] == "Sender: \xe4@example.com\r\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (" Big Boss <ceo@bank.example>", '"Big Boss" <alice@example.com>'),
        (" ceo@bank.example", "alice@example.com"),
        (' "ceo@bank.example" <ceo@bank.example>', "alice@example.com"),
        (" ceo@bank.example <ceo@bank.example>", "alice@example.com"),
        (" Big <a@bank.example>, Small <b@bank.example>", "Big <alice@example.com>"),
        (" Board: Big <a@bank.example>;", "Big <alice@example.com>"),
        (' "x\\" <evil@bank.example>" <a@bank.example>', "alice@example.com"),
        (" =?utf-8?q?B=C3=AFg?= <a@bank.example>", "=?utf-8?q?B=C3=AFg?= <alice@example.com>"),
        (" M\xfcller <a@bank.example>", "=?utf-8?b?TcO8bGxlcg==?= <alice@example.com>"),
        (" M\udcffller <a@bank.example>", "alice@example.com"),
        (" <broken", "alice@example.com"),
        (" \x00", "alice@example.com"),
        (" " + "x" * 500_000, "alice@example.com"),
        (" " + "(" * 50_000, "alice@example.com"),
        ("", "alice@example.com"),
    ],
)
def test_from_is_replaced_and_keeps_its_name(value, written):
    transaction = message("From:" + value, "Subject: s", "Sender: x@bank.example")
    assert delivered(transaction, DENIED_FROM, REPLACING) == ["Subject: s\r\n", f"From: {written}\r\n"]
    assert changed(transaction, DENIED_FROM, REPLACING).replaced_from == OWN


def test_all_from_fields_are_replaced_by_one():
    transaction = message("From: a@bank.example", "Subject: s", "FROM: b@bank.example")
    assert delivered(transaction, DENIED_FROM, REPLACING) == ["Subject: s\r\n", "From: alice@example.com\r\n"]
    positions = [removal.position for removal in changed(transaction, DENIED_FROM, REPLACING).removals]
    assert positions == [0, 2]


def test_the_envelope_sender_is_replaced():
    denied = rights(envelope=Permission.DENIED)
    assert changed(message(), denied, REPLACING).new_sender == OWN
    assert changed(message(), rights(envelope=Permission.DENIED, own_address=""), REPLACING).new_sender is None
    for setting in (Mismatch.ACCEPT, Mismatch.HOLD, Mismatch.REJECT):
        assert changed(message(), denied, replace(REPLACING, on_envelope_mismatch=setting)).new_sender is None


@pytest.mark.parametrize("setting", [Mismatch.HOLD, Mismatch.REJECT])
def test_what_is_held_stays_as_it_came(setting):
    settings = replace(REPLACING, on_from_mismatch=setting)
    assert changed(message("From: ceo@bank.example", "Sender: x@y.example"), DENIED_FROM, settings) == NO_CHANGE
