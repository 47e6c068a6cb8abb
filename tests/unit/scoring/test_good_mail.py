# SPDX-License-Identifier: GPL-3.0-or-later
"""Good mail as it is written today, which the corpus by which checks are measured has not: none of it is even suspect.

It is judged by header and content alone; that it is authenticated would speak for it in addition.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.config.schema.scoring import ScoringSection
from postward.model.transaction import Facts
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.weighing import weigh
from tests.unit.checks.content.letters import letter

MESSAGES = sorted((Path(__file__).parent / "good_mail").glob("*.eml"))
ZONE = {
    "out.relay.example": [{"A": "198.51.100.7"}],
    **{
        domain: [{"MX": [10, "out.relay.example"]}, {"A": "198.51.100.7"}]
        for domain in ("agency.example", "bank.example", "contoso.example", "corp.example", "fashion.example",
                       "firma.example", "gmail.com", "mail.shop.example", "office.example.org", "pharmacy.example",
                       "server7.example.org", "shop.example", "smallbiz.example", "verein.example",
                       "accounts.google.com")
    },
}  # fmt: skip


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_good_mail_is_not_suspect(path: Path) -> None:
    message = letter(path.read_bytes(), helo="out.relay.example", sender="bounces@relay.example", zone=ZONE)
    facts = Facts()
    facts.findings["content"] = tuple(
        finding for check in (*HEADER_CHECKS, *BODY_CHECKS) for finding in check.find(message)
    )
    symbols = weigh(facts, DEFAULT_SCALE)
    assert sum(symbol.score for symbol in symbols) < ScoringSection().suspect_threshold, symbols


def test_there_is_good_mail_of_many_kinds() -> None:
    assert len(MESSAGES) > 12
