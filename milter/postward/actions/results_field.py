# SPDX-License-Identifier: GPL-3.0-or-later
"""The Authentication-Results field: which messages get one, and what of the facts it tells."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from postward.authn.results import describe, describe_login, render
from postward.model.action import AddHeader
from postward.model.origin import Direction

if TYPE_CHECKING:
    from postward.authn.results import MethodResult
    from postward.model.transaction import Transaction
    from postward.model.verdict import Decision


class OutboundResults(StrEnum):
    """What mail of our own users tells the world of how they have proved who they are."""

    NONE = "none"
    AUTH = "auth"
    """That the sender has logged in."""
    LOGIN = "login"
    """That the sender has logged in, and as whom."""


def results_field(
    transaction: Transaction, decision: Decision, *, authserv_id: str, outbound: OutboundResults
) -> AddHeader | None:
    """Give the field for the top of the message; None where it gets none."""
    direction, smtputf8 = transaction.origin.direction, transaction.sender.smtputf8
    if direction is Direction.REINJECTED:
        return None
    if direction is Direction.OUTBOUND:
        results = _of_outbound_mail(transaction, outbound)
        if not results:
            return None
    else:
        results = describe(
            transaction.facts,
            transaction.origin,
            dmarc_disposition=decision.dmarc_disposition,
            smtputf8=smtputf8,
        )
    return AddHeader(name="Authentication-Results", value=render(authserv_id, results, smtputf8=smtputf8))


def _of_outbound_mail(transaction: Transaction, wanted: OutboundResults) -> tuple[MethodResult, ...]:
    """Nothing unless asked for: the field goes out into the world with the message."""
    authentication = transaction.authentication
    if wanted is OutboundResults.NONE or not authentication.user:
        return ()
    return (describe_login(authentication, name_user=wanted is OutboundResults.LOGIN),)
