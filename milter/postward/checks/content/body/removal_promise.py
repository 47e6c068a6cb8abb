# SPDX-License-Identifier: GPL-3.0-or-later
"""Assurances that it is no spam, and how one gets off a list that one never was on."""

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
    "be removed", "time mailing", "section 301", "bill s", "s 1618", "opt in", "opted in", "remove in", "with remove",
    "remove me", "future mailings", "further mailings", "removal instructions",
    "removed reply", "spam policy", "marketing partners", "not unsolicited", "unsolicited email",
)  # fmt: skip
_ENOUGH = 2
_TALK = SymbolDefinition(
    name="TEXT_REMOVAL_PROMISE",
    score=1.5,
    group="body",
    meaning="it says why it is no spam, or how one is removed from its list",
)


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH and not _keeps_it(letter):
        yield Finding(_TALK.name, f"{count} phrases")


def _keeps_it(letter: Letter) -> bool:
    """The author is who he says, and offers a way out that programs take (RFC 2369)."""
    return letter.headers.first(b"list-unsubscribe") is not None and is_author_proven(letter)


CHECK = ContentCheck(name="removal_promise", symbols=(_TALK,), find=_find)
