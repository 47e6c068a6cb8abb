# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the client may send for the envelope sender's domain, and owns its HELO name (RFC 7208)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.spf import SpfSettings, check_helo, check_sender
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.transaction import Facts


class SpfCheck:
    """Sets ``facts.spf`` and, unless the envelope sender is null or there was no HELO, ``facts.spf_helo``."""

    name = "spf"
    requires = ()

    def __init__(self, settings: SpfSettings, *, helo: bool = True) -> None:
        self._settings = settings
        self._helo = helo

    def applies(self, origin: Origin) -> bool:
        """Judge clients outside only."""
        return origin.direction is Direction.INBOUND and origin.client is not None

    def run(self, examination: Examination) -> None:
        """Evaluate MAIL FROM, then HELO on its own."""
        transaction = examination.transaction
        origin, facts, lookup = transaction.origin, transaction.facts, examination.lookup
        if origin.client is None:
            return
        address = transaction.sender.address
        facts.spf = check_sender(
            client=origin.client, mail_from=address.text, helo=origin.helo, lookup=lookup, settings=self._settings
        )
        # RFC 7208 section 2.4: with a null path the MAIL FROM identity is the HELO identity already.
        if self._helo and origin.helo and not address.is_null:
            facts.spf_helo = check_helo(client=origin.client, helo=origin.helo, lookup=lookup, settings=self._settings)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word for each identity."""
        found = {"spf": facts.spf, "spf_helo": facts.spf_helo}
        return {label: result.status for label, result in found.items() if result}
