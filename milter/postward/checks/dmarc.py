# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an authenticated domain stands for the author, or a trusted sealer explains why not (RFC 9989)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.authn.dmarc import arc_override, evaluate_dmarc
from postward.model.dmarc import DmarcStatus
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.dmarc import DmarcResult
    from postward.model.origin import Origin
    from postward.model.transaction import Facts


class DmarcCheck:
    """Sets ``facts.dmarc`` and, for a failure that a trusted ARC chain explains, ``facts.arc_override``."""

    name = "dmarc"
    requires = ("spf", "dkim", "arc")

    def __init__(self, trusted_sealers: frozenset[str]) -> None:
        self._trusted_sealers = trusted_sealers

    def applies(self, origin: Origin) -> bool:
        """Judge mail from outside only: without a client there is no SPF, and half a DMARC misleads."""
        return origin.direction is Direction.INBOUND

    def run(self, examination: Examination) -> None:
        """Evaluate DMARC; look at the chain only where it failed."""
        transaction, lookup = examination.transaction, examination.lookup
        facts = transaction.facts
        from_values = [field.value for field in transaction.headers.all(b"from")]
        facts.dmarc = _doubted(evaluate_dmarc(from_values, facts.spf, facts.dkim or (), lookup), facts)
        if facts.dmarc.status is DmarcStatus.FAIL and facts.arc is not None and self._trusted_sealers:
            facts.arc_override = arc_override(facts.arc, facts.dmarc, self._trusted_sealers, lookup)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word."""
        found = facts.dmarc
        return {self.name: found.status} if found else {}


def _doubted(result: DmarcResult, facts: Facts) -> DmarcResult:
    """Turn a failure into a temporary error where SPF or DKIM could not be checked and might have passed."""
    missing = [check for check in ("spf", "dkim") if check in facts.not_checked]
    if result.status is not DmarcStatus.FAIL or not missing:
        return result
    return replace(result, status=DmarcStatus.TEMPERROR, reason=f"{missing[0]} could not be checked")
