# SPDX-License-Identifier: GPL-3.0-or-later
"""Promises of an income without work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.proven_author import is_author_proven
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "from home", "based business", "financial freedom", "financially independent",
    "extra income", "additional income", "second income", "passive income", "residual income", "no experience",
    "make money", "earn money", "earn up", "extra cash", "multi level", "mlm", "downline", "double your",
    "trading bot", "trading signals", "forex", "guaranteed returns", "investment opportunity", "business opportunity",
    "cash flow", "a millionaire", "get rich", "own boss", "chain letter",
)  # fmt: skip
# By themselves these are of work: an author who is who he says may write them.
_AT_WORK = Phrases("from home", "no experience", "cash flow", "business opportunity", "forex")
_ENOUGH = 2
_TALK = SymbolDefinition(name="TEXT_EASY_MONEY", score=1.5, group="body", meaning="it promises an income without work")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH and not (count == _AT_WORK.count(letter.wording) and is_author_proven(letter)):
        yield Finding(_TALK.name, f"{count} phrases")


CHECK = ContentCheck(name="easy_money", symbols=(_TALK,), find=_find)
