# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.app.rule_message import RuleRequest
from postward.rules.errors import RuleFailure
from tests.unit.app.rule_set_of import messages

MESSAGE = b"""\
Authentication-Results: mx.example.com; dmarc=pass
X-Spam-Flag: NO
From: Joe <joe@example.org>
Subject: hello

body
"""


def test_the_session_and_the_results_are_those_that_were_given():
    request = RuleRequest(
        address=ip_address("192.0.2.1"),
        helo="mail.example.org",
        mail_from="bounces@example.org",
        recipients=("a@example.com",),
        auth={"dmarc": "fail"},
        score=2.5,
        tags=frozenset({"seen"}),
        now_s=1_700_000_000.0,
    )
    message = messages().from_request(MESSAGE, request)
    assert (str(message.client.address), message.client.helo) == ("192.0.2.1", "mail.example.org")
    assert (message.sender.text, [view.address for view in message.recipients]) == (
        "bounces@example.org",
        ["a@example.com"],
    )
    assert (message.auth.dmarc, message.score, message.tags) == ("fail", 2.5, {"seen"})
    assert (message.direction, message.now_s) == ("inbound", 1_700_000_000.0)


def test_what_the_message_says_in_our_name_is_not_there():
    message = messages().from_request(MESSAGE, RuleRequest())
    assert [field.name for field in message.headers.fields] == [b"From", b"Subject"]


def test_without_a_sender_the_author_stands_for_it_and_the_null_path_stays_one():
    assert messages().from_request(MESSAGE, RuleRequest()).sender.text == "joe@example.org"
    assert messages().from_request(MESSAGE, RuleRequest(mail_from="")).sender.is_null


@pytest.mark.parametrize(
    ("request_", "direction"),
    [
        (RuleRequest(user="joe", recipients=("x@example.org",)), "outbound"),
        (RuleRequest(user="joe", recipients=("x@example.com",)), "internal"),
        (RuleRequest(address=ip_address("10.0.0.1"), recipients=("x@example.org",)), "outbound"),
        (RuleRequest(address=ip_address("127.0.0.1"), recipients=("x@example.org",)), "local"),
        (RuleRequest(address=ip_address("192.0.2.1"), recipients=("x@example.org",)), "inbound"),
        (RuleRequest(recipients=("x@example.org",)), "inbound"),
    ],
)
def test_the_direction_is_that_of_the_milter(request_, direction):
    made = messages(local_networks=(ip_network("10.0.0.0/8"),)).from_request(MESSAGE, request_)
    assert made.recipients[0].direction == direction


def test_a_result_that_there_is_not_is_refused():
    with pytest.raises(RuleFailure):
        messages().from_request(MESSAGE, RuleRequest(auth={"dmark": "fail"}))


DELIVERED = b"""\
Return-Path: <joe@example.org>
Delivered-To: a@example.com
Received: from mail.example.org (mail.example.org [192.0.2.1])
\tby mx.example.com (Postfix) with ESMTPS id 1; Tue, 24 Nov 2026 10:00:00 +0000
Authentication-Results: mx.example.com; dmarc=fail header.from=example.org policy.dmarc=reject
X-Spam-Score: 3.5
Delivered-To: list@example.org
From: Joe <joe@example.org>

body
"""


def test_a_delivered_message_tells_its_session_and_hides_what_delivery_added():
    message = messages().from_delivered(DELIVERED, now_s=1.0)
    assert (message.sender.text, message.recipients[0].address) == ("joe@example.org", "a@example.com")
    assert (str(message.client.address), message.auth.dmarc, message.score) == ("192.0.2.1", "fail", 3.5)
    assert [field.name for field in message.headers.fields] == [b"Received", b"Delivered-To", b"From"]
    assert message.body_text.strip() == "body"
