# SPDX-License-Identifier: GPL-3.0-or-later
"""DMARC enforced as configured, and the exceptions to it."""

from __future__ import annotations

import smtplib

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import forged_from, genuine, through_list


@pytest.fixture(scope="module")
def strict_host():
    settings = {"dmarc": {"on_reject": "reject", "on_quarantine": "quarantine", "multiple_from": "reject"}}
    with MailHost(settings=settings) as running:
        yield running


def test_forged_from_is_refused(strict_host):
    recipient = strict_host.new_recipient()
    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        strict_host.send(forged_from(strict_host.world), recipient)
    assert refusal.value.smtp_code == 550
    assert str(refusal.value.smtp_error).startswith("5.7.1 ")
    assert strict_host.postfix.mailbox.messages(recipient) == []


def test_refusal_names_no_domain_of_the_sender(strict_host):
    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        strict_host.send(forged_from(strict_host.world), strict_host.new_recipient())
    assert "bulk.example" not in str(refusal.value.smtp_error)


def test_genuine_and_sealed_mail_still_arrive(strict_host):
    for letter in (genuine(strict_host.world), through_list(strict_host.world)):
        assert not Delivered(strict_host.deliver(letter)).is_junk


def test_session_goes_on_after_a_refusal(strict_host):
    with strict_host.session(strict_host.world.stranger) as session:
        letter, recipient = forged_from(strict_host.world), strict_host.new_recipient()
        with pytest.raises(smtplib.SMTPResponseException):
            session.send(letter.content, mail_from=letter.mail_from, rcpt_to=[recipient])
        harmless = letter.content.replace(b"service@bank.example", b"somebody@bulk.example")
        assert session.send(harmless, mail_from=letter.mail_from, rcpt_to=[recipient]).startswith("250")
