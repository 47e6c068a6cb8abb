# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the chain of those who handled the message is whole (RFC 8617)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.arc import ArcSettings, validate_chain
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.transaction import Facts


class ArcCheck:
    """Sets ``facts.arc``."""

    name = "arc"
    requires = ()

    def __init__(self, settings: ArcSettings) -> None:
        self._settings = settings

    def applies(self, origin: Origin) -> bool:
        """Judge all but our own mail."""
        return origin.direction in (Direction.INBOUND, Direction.LOOPBACK)

    def run(self, examination: Examination) -> None:
        """Validate the chain."""
        transaction = examination.transaction
        transaction.facts.arc = validate_chain(
            transaction.headers, examination.digests, examination.lookup, self._settings, examination.now_s
        )

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word."""
        found = facts.arc
        return {self.name: found.status} if found else {}
