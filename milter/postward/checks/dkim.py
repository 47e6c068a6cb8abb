# SPDX-License-Identifier: GPL-3.0-or-later
"""Which domains have signed the message as it stands (RFC 6376)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dkim import DkimSettings, verify_signatures
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.transaction import Facts


class DkimCheck:
    """Sets ``facts.dkim``."""

    name = "dkim"
    requires = ()

    def __init__(self, settings: DkimSettings) -> None:
        self._settings = settings

    def applies(self, origin: Origin) -> bool:
        """Judge all but our own mail: a signature stands for itself, wherever the message comes from."""
        return origin.direction in (Direction.INBOUND, Direction.LOOPBACK)

    def run(self, examination: Examination) -> None:
        """Verify every signature, up to the bound."""
        transaction = examination.transaction
        transaction.facts.dkim = verify_signatures(
            transaction.headers, examination.digests, examination.lookup, self._settings, examination.now_s
        )

    def results(self, facts: Facts) -> Mapping[str, str]:
        """The best word of all signatures."""
        found = facts.dkim
        if found is None:
            return {}
        words = [result.status.value for result in found]
        return {self.name: "pass" if "pass" in words else words[0] if words else "none"}
