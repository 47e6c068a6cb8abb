from __future__ import annotations

from postward.checks.content.body.advance_fee import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


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
