# SPDX-License-Identifier: GPL-3.0-or-later
"""Which suspects are asked to come again, and what they are told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.model.action import Reply
from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcStatus
from postward.model.domain_above import domain_above
from postward.model.greylisting import GreylistResult, GreylistStatus
from postward.model.ip_address import is_within
from postward.model.origin import Direction
from postward.model.spf import SpfStatus
from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.ip_address import IpNetwork
    from postward.model.transaction import Facts, Transaction

COME_AGAIN = Reply(code=451, enhanced="4.7.1", text="Greylisted, please try again later")


@dataclass(frozen=True, slots=True, kw_only=True)
class GreylistExemptions:
    """Whose mail never waits."""

    networks: tuple[IpNetwork, ...] = ()
    domains: frozenset[str] = frozenset()
    """In lower case, as A-labels; those below them count as well.  SPF, DKIM or DMARC must say that it is them."""


def is_judged(transaction: Transaction, decision: Decision) -> bool:
    """True for mail from outside that is neither good nor bad."""
    return transaction.origin.direction is Direction.INBOUND and decision.verdict is Verdict.SUSPECT


def exemption(transaction: Transaction, exemptions: GreylistExemptions) -> str:
    """Why the message need not wait, whatever is remembered; "" where it has to."""
    origin = transaction.origin
    if origin.relayed_by is not None:
        # A relay of ours would come again in any case.
        return "a trusted relay has taken it already"
    if is_within(origin.client, exemptions.networks):
        return "the client's network is exempt"
    for name in _authenticated(transaction.facts):
        if domain := domain_above(name, exemptions.domains):
            return f"mail of {domain} is exempt"
    return ""


def author_domain(facts: Facts) -> str:
    """The domain that DMARC says the message is from; "" without a pass."""
    dmarc = facts.dmarc
    return dmarc.domain if dmarc is not None and dmarc.status is DmarcStatus.PASS else ""


def with_greylisting(decision: Decision, result: GreylistResult) -> Decision:
    """Refuse for now what has to come again; all else stays as it was decided."""
    if result.status is not GreylistStatus.DELAYED:
        return decision
    reason = f"{decision.reason}; greylisted: {result.reason}"
    return replace(decision, verdict=Verdict.DEFER, reason=reason, reply=COME_AGAIN)


def _authenticated(facts: Facts) -> Iterator[str]:
    yield author_domain(facts)
    yield from (result.domain for result in facts.dkim or () if result.status is DkimStatus.PASS)
    if facts.spf is not None and facts.spf.status is SpfStatus.PASS:
        yield facts.spf.domain
