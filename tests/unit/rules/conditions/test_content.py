# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest

from postward.rules.message.stored import message_from
from tests.unit.rules.compiling import condition_faults, finding, holds, mail, when

PHRASE = "{subject_or_body: {words: [unsubscribe here, this is an advertisement]}}"


def typed(kind, body, encoding="7bit"):
    head = f"From: a@b.example\nMIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    return message_from(head.encode() + body)


@pytest.mark.parametrize(
    "message",
    [
        mail("Subject: x", body="please\nunsubscribe\n  here.\n"),
        mail("Subject: UNSUBSCRIBE HERE", body="x"),
        typed("text/plain; charset=utf-8", b"Unsub=\nscribe=20here", "quoted-printable"),
        typed("text/plain", base64.encodebytes(b"This is an ADVERTISEMENT"), "base64"),
        typed("text/html", b"<html><body><p>unsubscribe <b>here</b></p></body></html>"),
        typed("text/html", b"<p>unsub<span></span>scribe&nbsp;here</p>"),
    ],
)
def test_phrases_are_found_as_readers_see_them(message):
    assert holds(PHRASE, message)


@pytest.mark.parametrize(
    "message",
    [
        mail("Subject: x", body="unsubscribe hereby"),
        mail("Subject: unsubscribe", body="here"),
        typed("text/html", b"<p title='unsubscribe here'>x</p><!-- unsubscribe here -->"),
    ],
)
def test_phrases_that_are_not_there(message):
    assert not holds(PHRASE, message)


def test_what_people_write_is_not_told():
    found = finding(when(PHRASE), mail("Subject: a", body="unsubscribe here"))
    assert (found.matched, found.seen) == (True, "1 character and 16 characters")
    assert finding(when("{body: {words: x}}"), mail("Subject: x", body="")).seen == "nothing"


def test_tests_of_the_body():
    message = mail("Subject: x", body="Grüße aus Köln, ticket 42\n")
    assert holds("{body: {words: köln}}", typed("text/plain; charset=utf-8", "Grüße aus Köln\n".encode()))
    assert holds("{body: {contains: ticket}}", message)
    assert finding(when(r"{body: {regex: 'ticket (?P<n>\d+)'}}"), message).captures == {"n": "42"}
    assert holds("{body: {empty: true}}", mail("Subject: x", body=""))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{flags: {any: [list, bulk]}}", True),
        ("{flags: {all: [list, auto_generated]}}", True),
        ("{flags: {all: [list, signed]}}", False),
        ("{flags: {none: [signed, encrypted]}}", True),
        ("{flags: {none: [list]}}", False),
        ("{flags: {any: [list], none: [signed]}}", True),
        ("{flags: list}", True),
        ("{flags: [signed, encrypted]}", False),
    ],
)
def test_flags(condition, expected):
    message = mail("List-Id: <l.example>", "Auto-Submitted: auto-generated", "From: a@b.example")
    assert holds(condition, message) is expected


def test_detectors_count_distinct_numbers_and_tell_none():
    message = mail("Subject: 4111111111111111", body="4111-1111-1111-1111 and 5500000000000004\n")
    found = finding(when("{detector: {name: payment_card, min: 2}}"), message)
    assert (found.matched, found.seen) == (True, "2 found")
    assert not holds("{detector: {name: payment_card, min: 3}}", message)
    assert not holds("{detector: iban}", message)
    assert holds("{detector: iban}", mail("Subject: x", body="DE89 3704 0044 0532 0130 00"))


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("{flags: {any: [sigend]}}", "flags.any[0]: there is no such flag (did you mean signed?)"),
        ("{flags: {}}", "flags: asks for no flag"),
        (
            "{detector: {name: paymentcard}}",
            "detector.name: must be one of payment_card, iban (did you mean payment_card?)",
        ),
        ("{detector: {min: 2}}", "detector: has no name (known here: payment_card, iban)"),
        ("{detector: {name: iban, min: 0}}", "detector.min: must be from 1 to 1000"),
        ("{size: {gt: 25 MiBs}}", "size.gt: must be a size (write a number with KB, MB or GB, such as 10MB)"),
    ],
)
def test_faults(condition, fault):
    assert condition_faults(condition) == [fault]
