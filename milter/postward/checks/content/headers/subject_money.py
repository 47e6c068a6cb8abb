# SPDX-License-Identifier: GPL-3.0-or-later
"""A subject that speaks of money or of what is free."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_CHARACTERS = 300
# Sums to the cent are those of invoices.
_NO_CENTS = r"(?![.,]\d\d(?!\d))"
_SUM = re.compile(
    rf"(?:[$€£]|\b(?:USD|EUR|GBP|US\$)) ?(?:\d{{1,3}}[.,' ]\d{{3}}\b{_NO_CENTS}|\d{{4,9}}\b{_NO_CENTS}|"
    r"\d{1,4}(?:\.\d)? ?(?:million|billion|k\b))"
    r"|\b\d[\d.,]{0,12} ?(?:million|billion) ?(?:dollars|euros?|pounds|USD|EUR|GBP|US)\b|\${2,}",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:100 ?% free|free (?:trial|money|gift|cash|offer|access|quote|sample|iphone)|risk[- ]free|no obligation|"
    r"(?:you(?:'ve| have)? (?:won|been selected)|claim your)|work (?:from|at) home|lowest (?:price|rate)s?|"
    r"act now|limited time|save up to|double your)\b",
    re.IGNORECASE,
)
_SUM_MARKS = ("$", "€", "£", "illion", "usd", "eur", "gbp")
_FREE_MARKS = ("free", "no obligation", "you", "home", "lowest", "act now", "limited", "save up", "claim")

SUM = SymbolDefinition(
    name="SUBJECT_SUM_OF_MONEY", score=1.0, group="subject", meaning="the subject names a large sum of money"
)
OFFER = SymbolDefinition(
    name="SUBJECT_OFFER", score=1.0, group="subject", meaning="the subject promises something free, won or urgent"
)


def _find(letter: Letter) -> Iterator[Finding]:
    subject = letter.subject[:_MAX_CHARACTERS]
    lowered = subject.lower()
    # Most subjects have none of these, which is told sooner than what stands around them.
    if any(mark in lowered for mark in _SUM_MARKS) and _SUM.search(subject):
        yield Finding(SUM.name, shown(subject))
    if any(mark in lowered for mark in _FREE_MARKS) and _FREE.search(subject):
        yield Finding(OFFER.name, shown(subject))


CHECK = ContentCheck(name="subject_money", symbols=(SUM, OFFER), find=_find)
