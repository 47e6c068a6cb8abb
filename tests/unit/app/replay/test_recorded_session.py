# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.app.replay.recorded_session import RecordedSession, recorded_session
from postward.mime.stored_message import take_message
from postward.model.transaction import Transaction

DELIVERED = b"""\
Return-Path: <joe@example.com>
X-Original-To: sales@example.net
Delivered-To: alice@example.net
Received: from localhost (localhost [127.0.0.1])
\tby mx.example.net (Postfix) with ESMTP id 2; Tue, 24 Nov 2026 10:00:01 +0000
Received: from mail.example.com (mail.example.com [192.0.2.7])
\tby mx.example.net (Postfix) with ESMTPS id 1; Tue, 24 Nov 2026 10:00:00 +0000
Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=joe@example.com;
\tdkim=fail header.d=example.com; dkim=pass header.d=list.example;
\tarc=none; dmarc=fail header.from=example.com policy.dmarc=reject; iprev=pass policy.iprev=192.0.2.7
X-Spam-Score: 3.5
Authentication-Results: mx.other.example; dmarc=pass
From: Joe <joe@example.com>
To: Sales <sales@example.net>, bob@example.net
Cc: bob@example.net

body
"""


def session(message: bytes) -> RecordedSession:
    transaction = Transaction("1", started_s=0.0)
    take_message(transaction, message)
    return recorded_session(transaction.headers, "mx.example.net")


def without(*names: bytes) -> bytes:
    lines = DELIVERED.split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(names))


def test_the_session_that_a_delivered_message_tells_of():
    assert session(DELIVERED) == RecordedSession(
        address=ip_address("192.0.2.7"),
        helo="mail.example.com",
        mail_from="joe@example.com",
        recipients=("sales@example.net",),
        auth={
            "spf": "pass", "spf_domain": "example.com", "dkim": "pass", "dkim_domains": "list.example", "arc": "none",
            "dmarc": "fail", "dmarc_policy": "reject", "iprev": "pass",
        },
        score=3.5,
    )  # fmt: skip


def test_header_fields_stand_for_what_the_envelope_no_longer_tells():
    found = session(without(b"Return-Path", b"X-Original-To", b"Delivered-To"))
    assert found.mail_from == "joe@example.com"
    assert found.recipients == ("sales@example.net", "bob@example.net")


def test_a_bounce_stays_one():
    assert session(DELIVERED.replace(b"<joe@example.com>\nX-O", b"<>\nX-O")).mail_from == ""


def test_results_of_others_are_not_believed():
    found = session(
        DELIVERED.replace(b"Authentication-Results: mx.example.net", b"Authentication-Results: evil.example")
    )
    assert found.auth == {}


def test_a_login_that_the_mta_noted_is_known():
    noted = b"by mx.example.net (Postfix) with ESMTPSA id 1 (Authenticated sender: joe@example.com); Tue"
    field = b"Received: from pc (pc.example.com [192.0.2.8])\n\t(Authenticated sender: joe)\n\t" + noted + b"\n"
    assert session(field + DELIVERED).user == "joe"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\n\nbody",
        b"Return-Path: \xff<\nDelivered-To:\nReceived: from\nAuthentication-Results: ;;;\nX-Spam-Score: 1e9\n\n",
        b"Received: from x (y [999.1.1.1])\n" * 1000 + b"To: " + b"a@b," * 10_000 + b"\n\n",
    ],
)
def test_rubbish_tells_nothing_and_harms_nothing(message):
    found = session(message)
    assert found.address is None
    assert found.score == 0.0
    assert len(found.recipients) <= 100
