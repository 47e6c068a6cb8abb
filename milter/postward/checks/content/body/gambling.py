# SPDX-License-Identifier: GPL-3.0-or-later
"""Casinos and bets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "casino", "casinos", "poker", "slots", "slot machines", "jackpot", "jackpots", "free spins", "welcome bonus",
    "deposit bonus", "blackjack", "roulette", "betting", "sportsbook", "gambling", "baccarat", "free chips",
    "place bets", "wagering",
)  # fmt: skip
_ENOUGH = 3
_GAMES = SymbolDefinition(name="TEXT_GAMBLING", score=0.3, group="body", meaning="it invites to a casino or to bets")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH:
        yield Finding(_GAMES.name, f"{count} phrases")


CHECK = ContentCheck(name="gambling", symbols=(_GAMES,), find=_find)
