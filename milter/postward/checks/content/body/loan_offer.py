# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers of loans to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "mortgage", "mortgages", "refinance", "refinancing", "card debt", "low interest", "bad credit", "loan", "loans",
    "loan offer", "consolidate", "consolidation", "your credit", "credit report", "lender", "lenders", "interest rate",
    "interest rates", "lowest rate", "lowest rates", "home owner", "homeowners", "debt free", "your debt",
    "your debts", "monthly payments", "pre approved",
)  # fmt: skip
_ENOUGH = 3
_TALK = SymbolDefinition(name="TEXT_LOAN_OFFER", score=1.0, group="body", meaning="it offers loans")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH:
        yield Finding(_TALK.name, f"{count} phrases")


CHECK = ContentCheck(name="loan_offer", symbols=(_TALK,), find=_find)
