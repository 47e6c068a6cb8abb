# SPDX-License-Identifier: GPL-3.0-or-later
"""Medicines and slimming without a doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "lose weight", "weight loss", "fat loss", "body fat", "burn fat", "fat burning", "viagra", "cialis", "levitra",
    "phentermine", "xanax", "valium", "herbal", "no prescription", "without prescription", "online pharmacy",
    "online pharmacies", "penis", "erectile", "enlargement", "libido", "testosterone", "pills", "gummies", "keto",
    "anti aging", "hgh", "growth hormone", "human growth", "wrinkles", "blood sugar", "pounds in",
)  # fmt: skip
_ENOUGH = 2
_TALK = SymbolDefinition(name="TEXT_HEALTH_SALES", score=1.0, group="body", meaning="it sells medicines or slimming")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH:
        yield Finding(_TALK.name, f"{count} phrases")


CHECK = ContentCheck(name="health_sales", symbols=(_TALK,), find=_find)
