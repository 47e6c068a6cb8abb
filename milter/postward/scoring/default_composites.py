# SPDX-License-Identifier: GPL-3.0-or-later
"""The composites that hold where nothing is configured: signs that are rare together in good mail (docs/quality.md)."""

from __future__ import annotations

from postward.model.symbol import SymbolDefinition
from postward.scoring.composite import Composite
from postward.scoring.expression import read_expression

_FAULTS = (
    "MESSAGE_ID_MISSING | MESSAGE_ID_MALFORMED | DATE_ZONE_IMPOSSIBLE | DATE_IN_PAST | DATE_IN_FUTURE"
    " | HELO_IS_ADDRESS | HELO_NO_NAME | AUTHOR_WITHOUT_ADDRESS"
)
_PROGRAMS = "MAILER_FORGED_OUTLOOK | MAILER_FOR_BULK | MAILER_NONSENSE"
_LINKS = "LINK_IP_ADDRESS | LINK_ODD_PORT | LINK_ENCODED_HOST | LINK_USER_NAME"
_LOUD = "SUBJECT_ALL_CAPITALS | SUBJECT_EXCLAIMS | SUBJECT_OFFER | SUBJECT_SUM_OF_MONEY"
# Programs for unasked mail forge the author; scripts of firms forget fields, and what they send is proven.
_UNPROVEN = "!DMARC_PASS"
_OFFERS = (
    "TEXT_LOAN_OFFER | TEXT_EASY_MONEY | TEXT_HEALTH_SALES | TEXT_ADULT | TEXT_AUDIENCE_OFFER | TEXT_SALES_TALK"
    " | TEXT_REMOVAL_PROMISE | TEXT_STOCK_TIP"
)
_STRANGERS = (
    "REPLY_TO_OTHER_FREEMAIL | REPLY_TO_FREEMAIL | TO_UNDISCLOSED | AUTHOR_IS_RECIPIENT | AUTHOR_MANY_DIGITS"
    " | MARKED_URGENT"
)


def _composite(name: str, score: float, when: str, meaning: str) -> Composite:
    definition = SymbolDefinition(name=name, score=score, group="composites", meaning=meaning)
    return Composite(definition=definition, when=read_expression(when))


DEFAULT_COMPOSITES: tuple[Composite, ...] = (
    _composite(
        "MASS_MAIL_PROGRAM",
        1.2,
        f"({_PROGRAMS} | MSMAIL_PRIORITY_ALONE) & ({_FAULTS}) & {_UNPROVEN}",
        "the header is that of a program for unasked mass mail",
    ),
    _composite(
        "MASS_MAIL_HTML",
        1.0,
        f"HTML_WITHOUT_TEXT & ({_FAULTS} | {_PROGRAMS} | {_LINKS}) & {_UNPROVEN}",
        "it is HTML alone, with a header or links that good programs do not write",
    ),
    _composite(
        "MASS_MAIL_OFFER",
        1.2,
        f"({_OFFERS} | {_LOUD}) & ({_FAULTS} | {_PROGRAMS} | {_LINKS}) & {_UNPROVEN}",
        "it offers something, with a header or links that good programs do not write",
    ),
    _composite(
        "ADVANCE_FEE_LETTER",
        1.5,
        f"TEXT_ADVANCE_FEE & ({_STRANGERS} | {_LOUD} | {_FAULTS} | {_PROGRAMS})",
        "it promises a fortune, and hides who writes",
    ),
)
