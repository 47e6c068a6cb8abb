# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the client's name leads back to its address (RFC 8601 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.iprev import check_iprev
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.transaction import Facts


class IprevCheck:
    """Sets ``facts.iprev``."""

    name = "iprev"
    requires = ()

    def applies(self, origin: Origin) -> bool:
        """Judge clients outside only."""
        return origin.direction is Direction.INBOUND and origin.client is not None

    def run(self, examination: Examination) -> None:
        """Look the client's names up and their addresses."""
        client = examination.transaction.origin.client
        if client is not None:
            examination.transaction.facts.iprev = check_iprev(client, examination.lookup)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word."""
        found = facts.iprev
        return {self.name: found.status} if found else {}
