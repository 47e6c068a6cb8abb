# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be expected of several identities of one message, each level worked out once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.identity import EVERYBODY, OWN_KINDS
from postward.model.reputation import UNKNOWN
from postward.reputation.estimate import below, dual, of_everybody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.estimate import Estimate
    from postward.model.identity import Identity
    from postward.model.reputation import Standing
    from postward.reputation.lineage import Lineage


def needed(identity: Identity, lineage: Lineage) -> tuple[Identity, ...]:
    """Give all that must be read for the estimate of one identity, itself among them, each once."""
    return tuple(dict.fromkeys(one for chain in lineage.chains(identity) for one in chain))


def _confidence(found: Estimate) -> float:
    return found.confidence


class Assessment:
    """For one thread, and for one message or one question."""

    def __init__(
        self,
        lineage: Lineage,
        standings: Mapping[Identity, Standing],
        above: Mapping[Identity, Identity] = MappingProxyType({}),
    ) -> None:
        """``standings`` are as they count now; one that is not there is not known.

        ``above`` is what ``lineage`` has said already of some: who stands directly above them.
        """
        self._lineage = lineage
        self._above = above
        self._standings = standings
        self._slow: dict[Identity, Estimate] = {}

    @property
    def everybody(self) -> Estimate:
        """What is to be expected of anybody."""
        return self._slow_of(EVERYBODY)

    def of(self, identity: Identity) -> Estimate:
        """Give the estimate; of one of our own senders that of the window in which he looks worse."""
        found = self._slow_of(identity)
        return dual(found, self._standing(identity).fast) if identity.kind in OWN_KINDS else found

    def _slow_of(self, identity: Identity) -> Estimate:
        found = self._slow.get(identity)
        if found is None:
            found = self._slow[identity] = self._worked_out(identity)
        return found

    def _worked_out(self, identity: Identity) -> Estimate:
        record = self._standing(identity).slow
        if identity == EVERYBODY:
            return of_everybody(record)
        known = self._above.get(identity)
        parents = self._lineage.parents(identity) if known is None else (known,)
        # A sender at an address is first taken for what is known better: his domain, or the address.
        found = [self._slow_of(parent) for parent in parents]
        return below(found[0] if len(found) == 1 else max(found, key=_confidence), identity, record)

    def _standing(self, identity: Identity) -> Standing:
        return self._standings.get(identity, UNKNOWN)
