# SPDX-License-Identifier: GPL-3.0-or-later
"""Invoices for what nobody ordered, with a telephone number for those who complain: the fraud begins on the phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import own_domains
from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_CHARACTERS = 4_000
"""Such messages are short."""
_FREE_CALL = re.compile(
    r"(?<![\d+])(?:\+?1[ .(-]{0,3})?\(?8[0-9]{2}\)?[ .~-]{0,3}[0-9oO]{3}[ .~-]{0,3}[0-9oO]{4}(?!\d)"
)
_BRANDS = (
    "paypal", "norton", "mcafee", "geek squad", "geeksquad", "lifelock", "best buy", "amazon", "coinbase", "quickbooks",
    "microsoft", "apple", "webroot", "avast", "binance", "ebay", "venmo", "cash app", "docusign",
)  # fmt: skip
_CHARGED = Phrases(
    "invoice", "subscription", "renewed", "renewal", "charged", "debited", "auto debit", "order id", "purchase",
    "billed", "auto renewal",
)  # fmt: skip
_CALL = Phrases(
    "cancel", "cancellation", "refund", "dispute", "not authorize", "not authorized", "not authorised", "not make",
    "unauthorized", "unauthorised", "not recognize", "helpdesk", "help desk", "toll free",
)  # fmt: skip
_INVOICE = SymbolDefinition(
    name="TEXT_CALL_BACK",
    score=0.5,
    group="body",
    meaning="it bills for something in the name of another company and wants to be called",
)


def _find(letter: Letter) -> Iterator[Finding]:
    wording = letter.wording
    if len(letter.text) > _CHARACTERS or not _CALL.are_in(wording) or not _CHARGED.are_in(wording):
        return
    lowered = letter.text.lower()
    brand = next((brand for brand in _BRANDS if brand in lowered), "")
    is_own = not brand or any(brand.replace(" ", "") in domain for domain in own_domains(letter))
    if not is_own and _FREE_CALL.search(letter.text) is not None:
        yield Finding(_INVOICE.name, f"in the name of {brand}")


CHECK = ContentCheck(name="call_back", symbols=(_INVOICE,), find=_find)
