# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.loan_offer import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_a_loan_for_everybody():
    text = "Refinance your mortgage at the lowest rates. Bad credit? No problem, our lenders compete for you!"
    assert found(CHECK, plain(text)) == ["TEXT_LOAN_OFFER"]


def test_a_bank_to_its_customer():
    assert (
        found(CHECK, plain("The interest rate of your savings account changes in May; that of your loan does not."))
        == []
    )
