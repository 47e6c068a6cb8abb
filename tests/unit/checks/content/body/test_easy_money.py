# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.easy_money import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found, letter

PASS = DmarcResult(status=DmarcStatus.PASS)


def test_an_income_without_work():
    text = "Work from home and make money with no experience: financial freedom, and up to $5,000 per week!"
    assert found(CHECK, plain(text)) == ["TEXT_EASY_MONEY"]


def test_somebody_with_work():
    assert found(CHECK, plain("I work from home on Friday. We meet once per week; there is no money in it.")) == []


def test_an_employer_who_is_who_he_says():
    text = (
        "From: hr@sender.example\n\nYou may work from home on Friday. Cash flow is tight, so hand in costs early.{}\n"
    )
    assert found(CHECK, letter(text.format(""), dmarc=PASS)) == []
    assert found(CHECK, letter(text.format(" Extra income!"), dmarc=PASS)) == ["TEXT_EASY_MONEY"]
    assert found(CHECK, letter(text.format(""))) == ["TEXT_EASY_MONEY"]
