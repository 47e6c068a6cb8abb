# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipient's own name as the author's, in front of the address of somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_CHARACTERS = 100
_MAX_RECIPIENTS = 20
_LEAST_WORDS = 2
"""One word, such as "info", is the name of too many."""
_BREAK = re.compile(r"[\W\d_]+")

RECIPIENT = SymbolDefinition(
    name="NAME_OF_RECIPIENT",
    score=0.2,
    group="sender",
    meaning="the author bears the recipient's own name, with an address that has nothing of it",
)


def _find(letter: Letter) -> Iterator[Finding]:
    author = letter.authors[0] if letter.authors else None
    if author is None or " " not in author.name or "@" not in author.address:
        return
    words, address = _words(author.name), author.address.lower()
    # People write to their office from home, where they have their name in the address as well.
    if len(words) < _LEAST_WORDS or any(word in address for word in words):
        return
    if letter.organizational(letter.author_domain) in letter.own_domains or is_list_mail(letter):
        return
    if any(words == _words(recipient.local_part) for recipient in letter.recipients[:_MAX_RECIPIENTS]):
        yield Finding(RECIPIENT.name, shown(f"{address}: {author.name}"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_BREAK.sub(" ", name[:_MAX_CHARACTERS].lower()).split())


CHECK = ContentCheck(name="recipient_name", symbols=(RECIPIENT,), find=_find)
