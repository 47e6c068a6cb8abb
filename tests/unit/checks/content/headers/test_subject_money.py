# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.subject_money import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        ("Transfer of $15,000,000 to your account", ["SUBJECT_SUM_OF_MONEY"]),
        ("Your fund of USD 10.5 million", ["SUBJECT_SUM_OF_MONEY"]),
        ("Win 2 million euros", ["SUBJECT_SUM_OF_MONEY"]),
        ("Make $$$ fast", ["SUBJECT_SUM_OF_MONEY"]),
        ("Get your FREE trial", ["SUBJECT_OFFER"]),
        ("You have been selected", ["SUBJECT_OFFER"]),
        ("Work at home and earn", ["SUBJECT_OFFER"]),
        ("Invoice 2026-113 of 49.90 EUR", []),
        ("Your order for $19.99 has shipped", []),
        ("Your receipt from Acme: $1,200.00", []),
        ("Rechnung 4711: EUR 12.345,67", []),
        ("Your fund of $1,200,000.00", ["SUBJECT_SUM_OF_MONEY"]),
        ("Feel free to come", []),
        ("A million thanks", []),
        ("$HOME is not set", []),
        ("", []),
    ],
)
def test_subject(subject, names):
    assert found(CHECK, letter(f"Subject: {subject}\n\n")) == names
