# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers to bring a site up in searches, or to sell addresses, to whoever has a site or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "search engines", "first page", "backlinks", "guest post", "seo services", "seo", "rank higher", "organic traffic",
    "website traffic", "targeted traffic", "web traffic", "web design", "website redesign", "app development",
    "top ranking", "link building", "domain authority", "million email", "bulk email", "email marketing",
    "email lists", "fresh leads", "qualified leads", "targeted email",
)  # fmt: skip
_ENOUGH = 2
_TALK = SymbolDefinition(
    name="TEXT_AUDIENCE_OFFER", score=1.0, group="body", meaning="it offers visitors, rankings or addresses"
)


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH:
        yield Finding(_TALK.name, f"{count} phrases")


CHECK = ContentCheck(name="audience_offer", symbols=(_TALK,), find=_find)
