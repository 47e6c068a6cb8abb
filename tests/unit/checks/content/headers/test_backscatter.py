# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.backscatter import CHECK
from tests.unit.checks.content.letters import found, letter

BOUNCE = """\
From: MAILER-DAEMON@mx.far.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.far.example

Final-Recipient: rfc822; nobody@far.example
Action: failed
Status: 5.1.1

--b
Content-Type: {type}

{returned}

--b--
"""
FORGED = """\
Return-Path: <bob@example.com>
Received: from pc (pc.dialup.example [192.0.2.1]) by mx.far.example; Mon, 21 Sep 2026 14:00:00 +0000
From: Bob <bob@example.com>
Message-ID: <12345@pc.dialup.example>
Subject: Cheap watches"""
OURS = FORGED.replace("<12345@pc.dialup.example>", "<12345@example.com>")
RELAYED = f"Received: from bob-pc ([10.0.0.9])\n\tby mail.example.com; Mon, 21 Sep 2026 13:59:00 +0000\n{FORGED}"
SIGNED = f"DKIM-Signature: v=1; a=rsa-sha256; s=s1;\n d=example.com; b=abc\n{FORGED}"


def _bounce(returned, kind="text/rfc822-headers", **envelope):
    return letter(BOUNCE.format(type=kind, returned=returned), sender="", **envelope)


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_bounce_of_what_we_have_not_sent(kind):
    assert found(CHECK, _bounce(FORGED, kind)) == ["BOUNCE_OF_OTHERS"]


@pytest.mark.parametrize("returned", [OURS, RELAYED, SIGNED])
@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_bounce_of_ours(returned, kind):
    assert found(CHECK, _bounce(returned, kind)) == []


def test_our_name_in_the_returned_text_proves_nothing():
    assert found(CHECK, _bounce(f"{FORGED}\n\nMessage-ID: <1@example.com>", "message/rfc822")) == ["BOUNCE_OF_OTHERS"]


def test_a_bounce_that_returns_too_little():
    assert found(CHECK, _bounce("From: Bob <bob@example.com>\nSubject: Hello")) == []


def test_no_bounce_by_its_sender():
    text = BOUNCE.format(type="text/rfc822-headers", returned=FORGED)
    assert found(CHECK, letter(text, sender="alice@sender.example")) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("From: Shop <offers@shop.example>\n", ["NULL_SENDER_NO_BOUNCE"]),
        ("From: alice@sender.example\nSubject: Out of office\nAuto-Submitted: auto-replied\n", []),
        ("From: alice@sender.example\nContent-Type: multipart/report; report-type=disposition-notification\n", []),
        ("From: Mail Delivery System <Mailer-Daemon@mx.far.example>\n", []),
        ("From: postmaster@far.example\n", []),
        ("From: alice@sender.example\nX-Autoreply: yes\n", []),
    ],
)
def test_the_sender_of_bounces(text, names):
    assert found(CHECK, letter(f"{text}\n", sender="")) == names
