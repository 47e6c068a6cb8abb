# SPDX-License-Identifier: GPL-3.0-or-later
"""A superior who is in a meeting and needs gift cards at once: a fraud without links and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_SHORT = 1_500
"""Characters."""
_CARDS = Phrases("gift card", "gift cards", "giftcards", "itunes card", "itunes cards", "steam cards", "google play")
_HASTE = Phrases(
    "you available", "a favor", "a favour", "quick task", "quick favor", "an errand", "a meeting", "a conference",
    "cant talk", "cannot talk", "cant call", "your discretion", "confidential", "surprise", "reimburse",
    "reimbursed", "scratch", "scratched", "the codes", "the pins", "urgent", "urgently", "asap", "right now",
    "your cell", "cell number", "whatsapp number",
)  # fmt: skip
_ENOUGH = 3
_WANTED = SymbolDefinition(name="TEXT_GIFT_CARDS", score=0.5, group="body", meaning="it asks in haste for gift cards")


def _find(letter: Letter) -> Iterator[Finding]:
    # Shops that sell them have links.
    is_short = len(letter.text) < _SHORT and not letter.clicked
    if is_short and _CARDS.are_in(letter.wording) and _HASTE.count(letter.wording) >= _ENOUGH:
        yield Finding(_WANTED.name)


CHECK = ContentCheck(name="gift_cards", symbols=(_WANTED,), find=_find)
