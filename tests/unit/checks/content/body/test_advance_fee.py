# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.advance_fee import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found, letter

PASS = DmarcResult(status=DmarcStatus.PASS)


def test_a_stranger_with_millions():
    text = """Dear friend, I am Barrister Smith, attorney to my late client who died in a plane crash without
    any next of kin. I need a reliable foreign partner to transfer the sum of US$25.5 million into your account. You
    will have 30% of it. This is confidential and urgent. Contact me on my private email with your telephone number."""
    assert found(CHECK, plain(text)) == ["TEXT_ADVANCE_FEE"]


def test_news_of_business():
    text = """Acme buys its rival for 25 million dollars. The board has accepted the proposal, and shares have risen by
    8 percent. The transfer of the staff begins in May, the minister said in an immediate answer."""
    assert found(CHECK, plain(text)) == []


def test_a_lawyer_about_an_estate():
    text = """You are named as a beneficiary in the will of your late aunt. Please telephone our solicitor, who will
    tell you how to claim your share, and send us your bank details by letter."""
    assert found(CHECK, plain(text)) == []


ESTATE = """Dear Sir, I am the solicitor of the estate of the deceased. You are a beneficiary, and your share is 25% of
some 400,000 pounds. To transfer it I need your bank account details by telephone as soon as possible. This transaction
is confidential."""


def test_a_solicitor_who_writes_from_his_firm():
    assert found(CHECK, estate("s.brown@solicitors.example", "", dmarc=PASS)) == []


def test_others_with_the_same_letter():
    assert found(CHECK, estate("s.brown@solicitors.example", "")) == ["TEXT_ADVANCE_FEE"]
    assert found(CHECK, estate("s.brown@gmail.com", "", dmarc=PASS)) == ["TEXT_ADVANCE_FEE"]
    hacked = estate("s.brown@solicitors.example", "Reply-To: brown@gmail.com\n", dmarc=PASS)
    assert found(CHECK, hacked) == ["TEXT_ADVANCE_FEE"]


def estate(author, reply_to, **facts):
    return letter(f"From: {author}\n{reply_to}\n{ESTATE}\n", **facts)
