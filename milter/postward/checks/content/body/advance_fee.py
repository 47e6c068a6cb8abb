"""Letters that offer a share of millions to a stranger, and ask for a fee later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_CHARACTERS = 10_000
_FORTUNE = ("million", "000,000", "00.000", "00,000")
_CURRENCY = re.compile(r"us\$|\$ ?\d|usd|€|£|dollars|pounds|euro|gbp")
_TALE = (
    ("next of kin", "beneficiary", "inherit", "deceased", "my late ", "plane crash", "will and testament", "heir"),
    ("lottery", "compensation", "donat", "charity", "orphan", "consignment", "trunk box", "atm card", "unclaimed",
     "winning", "grant", "over-invoiced", "over invoiced", "contract sum", "abandoned", "dormant"),
    ("confidential", "secrecy", "secret", "trustworthy", "reliable", "honest"),
    ("bank account", "account number", "your account", "foreign account", "bank details", "banking details"),
    ("transfer", "remit", "claim", "move the", "moving the"),
    ("%", "percent", "share", "ratio"),
    ("urgent", "immediate", "as soon as", "time is"),
    ("barrister", "attorney", "solicitor", "diplomat", "minister", "widow", "bank manager", "auditor", "prince",
     "credit officer", "son of", "wife of", "daughter of", "military", "united nations", "central bank"),
    ("foreign partner", "foreigner", "business proposal", "mutual benefit", "proposal", "your assistance", "assist me",
     "assist us", "business relationship"),
    ("contact me", "your reply", "get back to me", "telephone", "private email", "phone number", "fax", "whatsapp"),
    ("god", "bless", "almighty", "dear friend", "dear sir", "dearest", "surprise", "greetings"),
)  # fmt: skip
_ENOUGH = 7
_OFFER = SymbolDefinition(
    name="TEXT_ADVANCE_FEE",
    score=0.5,
    group="body",
    meaning="it offers a share of a fortune to a stranger",
)


def _find(letter: Letter) -> Iterator[Finding]:
    lowered = letter.text[:_CHARACTERS].lower()
    if not any(word in lowered for word in _FORTUNE) or _CURRENCY.search(lowered) is None:
        return
    told = [any(word in lowered for word in words) for words in _TALE]
    if (told[0] or told[1]) and sum(told) >= _ENOUGH:
        yield Finding(_OFFER.name, f"{sum(told)} of {len(_TALE)} signs")


CHECK = ContentCheck(name="advance_fee", symbols=(_OFFER,), find=_find)
