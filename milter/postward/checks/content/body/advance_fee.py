# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters that offer a share of millions to a stranger, and ask for a fee later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.freemail import FREEMAIL
from postward.checks.content.proven_author import is_author_proven
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_FORTUNE = re.compile(r"\bmillion|\d ?m(?:illion)?\b|\d[.,]000[.,]000|\d00[.,]000", re.IGNORECASE)
_CHARACTERS = 5_000
_HEIRLESS = Phrases(
    "of kin", "beneficiary", "inheritance", "inherited", "deceased", "my late", "plane crash", "a will", "heir",
)  # fmt: skip
_WINDFALL = Phrases(
    "lottery", "compensation", "donate", "donation", "charity", "orphanage", "orphans", "consignment", "trunk boxes",
    "trunk box", "atm card", "unclaimed", "winning", "over invoiced", "contract sum", "abandoned", "dormant",
)  # fmt: skip
_TALE = (
    _HEIRLESS,
    _WINDFALL,
    Phrases("confidential", "confidentiality", "secrecy", "secret", "trustworthy", "reliable", "honest", "trust"),
    Phrases("bank account", "account number", "your account", "foreign account", "bank details", "banking details",
            "an account", "your bank"),
    Phrases("transfer", "transferred", "remit", "remitted", "transferring", "move the", "moving the", "claim"),
    Phrases("percent", "30%", "20%", "40%", "25%", "10%", "35%", "5%", "share", "ratio"),
    Phrases("urgent", "urgently", "immediate", "immediately", "as soon"),
    Phrases("barrister", "attorney", "solicitor", "diplomat", "minister", "widow", "bank manager", "auditor", "prince",
            "credit officer", "son of", "wife of", "daughter of", "military", "united nations", "central bank",
            "director", "manager", "president"),
    Phrases("foreign partner", "foreigner", "business proposal", "mutual benefit", "proposal", "your assistance",
            "assist me", "assist us", "business relationship", "partner", "transaction"),
    Phrases("contact me", "your reply", "back to", "telephone", "private email", "phone number", "fax", "whatsapp",
            "your response"),
    Phrases("god", "bless", "almighty", "dear friend", "dear sir", "dearest", "surprise", "greetings", "compliments"),
)  # fmt: skip
_ENOUGH = 7
_OFFER = SymbolDefinition(
    name="TEXT_ADVANCE_FEE",
    score=2.4,
    group="body",
    meaning="it offers a share of a fortune to a stranger",
)


def _find(letter: Letter) -> Iterator[Finding]:
    wording = letter.wording
    if not (_HEIRLESS.are_in(wording) or _WINDFALL.are_in(wording)):
        return
    told = sum(phrases.are_in(wording) for phrases in _TALE)
    if told >= _ENOUGH and not _is_of_a_firm(letter) and _FORTUNE.search(letter.text[:_CHARACTERS]) is not None:
        yield Finding(_OFFER.name, f"{told} of {len(_TALE)} signs")


def _is_of_a_firm(letter: Letter) -> bool:
    """The author is who he says, has a domain of his own, and takes answers there: lawyers and banks write of wills."""
    domain = letter.author_domain
    if domain in FREEMAIL or not is_author_proven(letter):
        return False
    own = letter.organizational(domain)
    return all(letter.organizational(mailbox.domain) == own for mailbox in letter.mailboxes(b"reply-to"))


CHECK = ContentCheck(name="advance_fee", symbols=(_OFFER,), find=_find)
