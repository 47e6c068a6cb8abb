# SPDX-License-Identifier: GPL-3.0-or-later
"""The same through a real Postfix, which must neither wait long nor let anything pass unseen."""

from __future__ import annotations

import smtplib
import time

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import forged_from, genuine
from tests.signatures import keys
from tests.signatures.message import crlf
from tests.signatures.signer import sign_dkim

PATIENCE_S = 20
"""Less than half of what Postfix gives a milter for its answer, and far more than any of these takes."""
ZONE = {"sel._domainkey.example.org": [{"TXT": keys.record("rsa2048")}]}


@pytest.fixture(scope="module")
def host():
    with MailHost(zone=ZONE) as running:
        yield running


@pytest.fixture(autouse=True)
def in_good_time():
    started_s = time.monotonic()
    yield
    assert time.monotonic() - started_s < PATIENCE_S


def content(*fields: bytes, body: bytes = b"Hello\r\n") -> bytes:
    head = crlf("From: ann@example.org\nTo: b@example.net\nSubject: x\nDate: x\n")
    return b"".join(field + b"\r\n" for field in fields) + head + b"\r\n" + body


def delivered(host, raw: bytes) -> Delivered:
    return Delivered(host.deliver(forged_from(host.world).with_content(raw)))


def test_five_thousand_forged_fields_and_a_thousand_more(host):
    fields = [b"X-Spam-Flag: forged.example"] * 2_500 + [b"X-Other: 1"] * 2_500
    message = delivered(host, content(*fields, *[b"X-Spam-%d: forged.example" % number for number in range(1_000)]))
    assert b"forged.example" not in message.content
    assert len(message.fields("X-Other")) == 2_500


@pytest.mark.parametrize("names", [1, 100, 50_000])
def test_a_flood_of_forged_fields(host, names):
    fields = [b"X-Other: 1"] * 5_000 + [b"X-Spam-%d: 1" % (number % names) for number in range(50_000)]
    with pytest.raises(smtplib.SMTPResponseException) as caught:
        delivered(host, content(*fields))
    assert caught.value.smtp_code == 552


def test_ten_thousand_fields(host):
    message = delivered(host, content(*[b"X-%d: 1" % number for number in range(10_000)]))
    assert message.fields("X-9999") == ["1"]
    assert "the header is too large" in message.own_results


def test_signed_bodies_of_spaces_of_octets_that_no_mail_should_have_and_of_ten_thousand_parts(host):
    for body in (b"a" + b" " * 1_000_000 + b"b\r\n", b"a\0b\r\n" * 50_000, b"--b\r\n\r\nx\r\n" * 10_000):
        assert delivered(host, sign_dkim(content(body=body))).results("dkim") == ["pass"]


def test_a_field_of_a_hundred_thousand_octets_that_is_folded_everywhere(host):
    field = b"X-Folded: " + b"\r\n ." * 20_000
    assert delivered(host, content(field)).results("dkim") == ["none"]


def test_the_filter_is_as_it_was(host):
    workers = host.postward.workers()
    assert Delivered(host.deliver(genuine(host.world))).results("dkim") == ["pass"]
    assert "worker.died" not in host.postward.log
    assert host.postward.workers() == workers
