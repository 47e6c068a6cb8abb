# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.gift_cards import CHECK
from tests.unit.checks.content.body.attaching import anchor, plain
from tests.unit.checks.content.letters import found

TEXT = """Are you available? I am in a meeting and can't talk. I need you to buy some gift cards for our clients as a
surprise. Scratch them and send me the codes, I will reimburse you."""


def test_the_chief_is_in_a_meeting():
    assert found(CHECK, plain(TEXT)) == ["TEXT_GIFT_CARDS"]


def test_near_misses():
    assert found(CHECK, plain("Thank you for the gift card, it was such a surprise!")) == []
    assert found(CHECK, plain("I am in a meeting, it is urgent: bring the business cards.")) == []
    assert found(CHECK, anchor("https://shop.example/", TEXT)) == []
    assert found(CHECK, plain(TEXT + "And so on. " * 200)) == []
