# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.unit.rules.compiling import condition_faults, holds, mail

BOUNCE = mail("From: MAILER-DAEMON@mx.example", mail_from="", recipients=["bob@corp.example"])
ORDINARY = mail(
    "From: Alice <Alice@Mail.Sender.Example>, Eve <eve@other.example>",
    "To: Bob <bob@corp.example>",
    "Cc: team@lists.example",
    "Reply-To: elsewhere@reply.example",
    mail_from="Bounce-1@Mail.Sender.EXAMPLE",
    recipients=["Bob+x@CORP.example", "hidden@corp.example"],
)


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        ("bounce-1@mail.sender.example", True),
        ("BOUNCE-1@mail.sender.example", True),
        ("bounce-2@mail.sender.example", False),
        ("mail.sender.example", True),
        ("'@mail.sender.example'", True),
        ("sender.example", False),
        ("'*.sender.example'", True),
        (".sender.example", True),
        ("'*.mail.sender.example'", False),
        ("'*.example'", True),
        ("[x@y.example, mail.sender.example]", True),
        ("{in: [x@y.example, '*.sender.example']}", True),
        ("{not_in: [x@y.example]}", True),
        ("{not_in: ['*.sender.example']}", False),
        ("{starts_with: bounce-}", True),
        ("{regex: '^bounce-[0-9]+@'}", True),
        ("null_sender", False),
    ],
)
def test_the_envelope_sender(operand, expected):
    assert holds(f"{{mail_from: {operand}}}", ORDINARY) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{mail_from: null_sender}", True),
        ("{mail_from: {in: [a@b.example, null_sender]}}", True),
        ("{mail_from: {not_in: [a@b.example]}}", True),
        ("{mail_from: {not_in: [null_sender]}}", False),
        ("{mail_from: '*.example'}", False),
        ("{mail_from.domain: {exists: false}}", True),
        ("{mail_from: {empty: true}}", True),
    ],
)
def test_the_null_sender(condition, expected):
    assert holds(condition, BOUNCE) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{mail_from.domain: mail.sender.example}", True),
        ("{mail_from.domain: {not_in: [corp.example]}}", True),
        ("{mail_from.local_part: {starts_with: bounce}}", True),
        ("{from.address: alice@mail.sender.example}", True),
        ("{from.domain: other.example}", True),
        ("{from.domain: {not_in: [other.example]}}", False),
        ("{from.display_name: {equals: alice}}", True),
        ("{to: corp.example}", True),
        ("{cc.address: team@lists.example}", True),
        ("{cc: corp.example}", False),
        ("{reply_to.domain: reply.example}", True),
        ("{recipient.address: bob+x@corp.example}", True),
        ("{recipient.address: {regex: '^bob'}}", True),
        ("{recipient.domain: corp.example}", True),
        ("{recipient.local_part: {starts_with: BOB}}", True),
        ("{recipients.count: 2}", True),
        ("{any_address: {in: [hidden@corp.example]}}", True),
        ("{any_address: eve@other.example}", True),
        ("{any_address: nobody@corp.example}", False),
        ("{direction: inbound}", True),
        ("{direction: [outbound, internal]}", False),
    ],
)
def test_other_addresses(condition, expected):
    assert holds(condition, ORDINARY) is expected


def test_internationalized_domains_are_one_with_their_a_labels():
    message = mail("From: a@xn--bcher-kva.example", mail_from="a@bücher.example")
    assert holds("{mail_from: '*.xn--bcher-kva.example'}", mail("From: x@y", mail_from="a@post.bücher.example"))
    assert holds("{mail_from.domain: xn--bcher-kva.example}", message)
    assert holds("{from.domain: Bücher.example}", message)


def test_a_recipient_is_looked_at_alone():
    assert not holds("{recipient.address: hidden@corp.example}", ORDINARY)


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (
            "{mail_from: 'a b'}",
            (
                "mail_from: is neither an address nor a domain (write name@example.com, example.com,"
                " *.example.com for all below it, or null_sender)"
            ),
        ),
        (
            "{mail_from: '*@example.com'}",
            (
                "mail_from: is neither an address nor a domain (write name@example.com,"
                " example.com, *.example.com for all below it, or null_sender)"
            ),
        ),
        (
            "{from.domain: a@b.example}",
            ("from.domain: is no domain (write example.com, or *.example.com for all below it)"),
        ),
        (
            "{from.domain: '*x.example'}",
            ("from.domain: is no domain (write example.com, or *.example.com for all below it)"),
        ),
        (
            "{direction: inbuond}",
            ("direction: must be one of inbound, outbound, internal, local (did you mean inbound?)"),
        ),
    ],
)
def test_faults(condition, fault):
    assert condition_faults(condition) == [fault]
