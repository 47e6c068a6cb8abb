# SPDX-License-Identifier: GPL-3.0-or-later
"""What people who sell write, and hardly anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "risk free", "no obligation", "act now", "act fast", "absolutely free", "100% free", "no risk", "why pay",
    "no cost", "no fees", "lowest price", "lowest prices", "order now",
    "order today", "buy now", "call now", "free quote", "free gift", "free information", "money back", "guaranteed",
    "limited time", "special offer", "exclusive offer", "amazing offer", "incredible offer", "claim your", "toll free",
    "dont wait", "save up", "no strings",
)  # fmt: skip
_ENOUGH = 2
_TALK = SymbolDefinition(name="TEXT_SALES_TALK", score=0.6, group="body", meaning="it is written as advertisements are")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH:
        yield Finding(_TALK.name, f"{count} phrases")


CHECK = ContentCheck(name="sales_talk", symbols=(_TALK,), find=_find)
