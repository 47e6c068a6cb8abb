# SPDX-License-Identifier: GPL-3.0-or-later
"""Pornography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "adult site", "adult sites", "adult content", "adult entertainment", "adult web", "barely legal", "live girls",
    "live sex", "free porn", "hot teens", "sex", "xxx", "porn", "porno", "sluts", "nude", "naked", "hot girls", "sexy",
    "webcams", "horny", "18 years", "over 18", "singles", "meet singles", "hardcore",
)  # fmt: skip
# Clubs, forms and clinics write the others.
_PLAIN = Phrases(
    "adult site", "adult sites", "adult content", "adult entertainment", "adult web", "barely legal", "live girls",
    "live sex", "free porn", "hot teens", "xxx", "porn", "porno", "sluts", "hot girls", "sexy", "horny", "hardcore",
)  # fmt: skip
_ENOUGH = 3
_TALK = SymbolDefinition(name="TEXT_ADULT", score=1.2, group="body", meaning="it offers pornography")


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH and _PLAIN.are_in(letter.wording):
        yield Finding(_TALK.name, f"{count} phrases")


CHECK = ContentCheck(name="adult_content", symbols=(_TALK,), find=_find)
