# SPDX-License-Identifier: GPL-3.0-or-later
"""Tips for cheap shares, which those who send them want to sell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "stock symbol", "ticker symbol", "strong buy", "otc", "otcbb", "otc bb", "price target", "target price",
    "term target", "shares outstanding", "penny stock", "penny stocks", "stock alert", "hot stock", "stock pick",
    "stock picks", "buy recommendation", "undervalued", "forward looking", "safe harbor", "investor alert",
    "trading price", "stock newsletter", "52 week",
)  # fmt: skip
_ENOUGH = 3
_TIP = SymbolDefinition(name="TEXT_STOCK_TIP", score=1.0, group="body", meaning="it praises cheap shares")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH:
        yield Finding(_TIP.name, f"{count} phrases")


CHECK = ContentCheck(name="stock_tip", symbols=(_TIP,), find=_find)
