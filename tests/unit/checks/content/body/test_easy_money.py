from __future__ import annotations

from postward.checks.content.body.easy_money import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_an_income_without_work():
    text = "Work from home and make money with no experience: financial freedom, and up to $5,000 per week!"
    assert found(CHECK, plain(text)) == ["TEXT_EASY_MONEY"]


def test_somebody_with_work():
    assert found(CHECK, plain("I work from home on Friday. We meet once per week; there is no money in it.")) == []
