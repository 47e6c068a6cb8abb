# SPDX-License-Identifier: GPL-3.0-or-later
"""A well-known firm as the display name, in front of the address of somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.brands import DOMAINS_OF, MOST_WORDS, SERVICES, WORDS
from postward.checks.content.headers.lookalikes import plain_letters
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_CHARACTERS = 100
_BREAK = re.compile(r"[^\w]+")

BRAND = SymbolDefinition(
    name="NAME_OF_BRAND",
    score=0.5,
    group="sender",
    meaning="the author's display name is that of a well-known firm, and the address is not of that firm",
)


def _find(letter: Letter) -> Iterator[Finding]:
    name = letter.authors[0].name if letter.authors else ""
    words = _BREAK.sub(" ", plain_letters(name[:_MAX_CHARACTERS])).split() if name else []
    if not words or words[0] not in WORDS:
        return
    domains = _domains_of(words)
    own = letter.organizational(letter.author_domain)
    if not domains or not own or own.partition(".")[0] in domains:
        return
    # A department of ours may bear the name, and a list may have such a member.
    if own not in letter.own_domains and not is_list_mail(letter):
        yield Finding(BRAND.name, shown(f"{own}: {name}"))


def _domains_of(words: list[str]) -> frozenset[str]:
    for count in range(MOST_WORDS, 0, -1):
        domains = DOMAINS_OF.get(" ".join(words[:count]))
        # "Norton Smith" and "Amazon Conservation Fund" are not the firms.
        if domains is not None and SERVICES.issuperset(words[count : count + 1]):
            return domains
    return frozenset()


CHECK = ContentCheck(name="brand_name", symbols=(BRAND,), find=_find)
