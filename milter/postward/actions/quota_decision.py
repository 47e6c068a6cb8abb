# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a message that would pass a limit, and what its client is told."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.action import Reply
from postward.model.quota import QuotaSubject, QuotaUnit
from postward.model.verdict import Verdict

if TYPE_CHECKING:
    from postward.model.quota import QuotaExcess
    from postward.model.verdict import Decision

_AMOUNTS = {
    QuotaUnit.MESSAGES_PER_HOUR: ("messages", "within an hour"),
    QuotaUnit.MESSAGES_PER_DAY: ("messages", "within a day"),
    QuotaUnit.RECIPIENTS_PER_HOUR: ("recipients", "within an hour"),
    QuotaUnit.RECIPIENTS_PER_DAY: ("recipients", "within a day"),
    QuotaUnit.CONCURRENT: ("messages", "at the same time"),
    QuotaUnit.DOMAINS: ("domains of recipients", "in one message"),
}
_WHOSE = {
    QuotaSubject.LOGIN: "from this account",
    QuotaSubject.TENANT: "from this domain",
    QuotaSubject.CLIENT: "from this client",
    QuotaSubject.NETWORK: "from this network",
    QuotaSubject.RECIPIENT_DOMAIN: "to one domain",
}
_OWN = frozenset({QuotaSubject.LOGIN, QuotaSubject.TENANT})
_HOUR_S = 3_600.0
_MOST_MINUTES_S = 2 * _HOUR_S
"""So far minutes are told: what is free again in 61 minutes is not put off for two hours."""


def is_taken(decision: Decision) -> bool:
    """True for a message that would be taken, whatever becomes of it then."""
    return decision.verdict not in {Verdict.DEFER, Verdict.REJECT}


def with_excess(decision: Decision, excess: QuotaExcess, *, rejects: bool) -> Decision:
    """Refuse a message that would pass a limit: for now, or for good where that is wanted or it can never pass."""
    is_final = rejects or excess.is_permanent
    reply = Reply(
        code=554 if is_final else 451, enhanced="5.7.1" if is_final else "4.7.1", text=_text(excess, is_final=is_final)
    )
    return replace(
        decision,
        verdict=Verdict.REJECT if is_final else Verdict.DEFER,
        reason=f"{decision.reason}; {excess_words(excess)}",
        reply=reply,
    )


def excess_words(excess: QuotaExcess) -> str:
    """The limit in words, for the log and the operator; may hold text from outside."""
    amount, when = _AMOUNTS[excess.unit]
    return f"over the limit of {excess.subject.value}:{excess.name}: {excess.limit} {amount} {when}"


def _text(excess: QuotaExcess, *, is_final: bool) -> str:
    """Tell our own users their limit, and others no more than that there is one."""
    amount, when = _AMOUNTS[excess.unit]
    whose = _WHOSE[excess.subject]
    most = f", at most {excess.limit} are allowed" if excess.subject in _OWN else ""
    if excess.is_permanent and excess.unit is QuotaUnit.DOMAINS:
        return f"Too many {amount} {when}{most}; please send it to fewer at a time"
    if excess.is_permanent:
        return f"Too many recipients of one message {whose}{most}; please send it to fewer at a time"
    again = "" if is_final else f"; please try again {_after(excess.retry_after_s)}"
    return f"Too many {amount} {whose} {when}{most}{again}"


def _after(seconds: float) -> str:
    """As a person would say it, and never sooner than it is of use."""
    if seconds <= 0:
        return "later"
    if seconds <= _MOST_MINUTES_S:
        minutes = math.ceil(seconds / 60)
        return f"in {minutes} minute{'s' if minutes > 1 else ''}"
    hours = math.ceil(seconds / _HOUR_S)
    return f"in {hours} hours"
