# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``dmarc``: what follows from the author domain's wish."""

from __future__ import annotations

from typing import Literal

from postward.config.schema.domain import Domain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.network import Network  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, key, section


class DmarcExemptSection(Section):
    """Mail that is evaluated, but not held to its domain's policy."""

    networks: tuple[Network, ...] = key("Networks of clients.", default=())
    dkim_domains: tuple[Domain, ...] = key("Domains whose valid DKIM signature exempts a message.", default=())
    sealers: tuple[Domain, ...] = key("Domains whose valid ARC seal exempts a message.", default=())


class DmarcSection(Section):
    """DMARC: whether the author's domain is authenticated, and what it asks for otherwise (RFC 9989)."""

    enabled: bool = key("Evaluate DMARC.", default=True)
    on_reject: Literal["junk", "reject", "quarantine", "none"] = key(
        "What a failure under p=reject leads to: junk marks the message by header, reject refuses it (550), quarantine"
        " has the MTA hold it, none leaves it to the score.",
        default="junk",
    )
    on_quarantine: Literal["junk", "quarantine", "none"] = key("The same for p=quarantine.", default="junk")
    on_temperror: Literal["accept", "defer"] = key(
        "When the policy cannot be looked up: accept, or defer, which answers 451.", default="accept"
    )
    multiple_from: Literal["junk", "reject", "none"] = key(
        "For a message with no From or with authors of several domains (RFC 9989 sections 5.3.1 and 11.5).",
        default="junk",
    )
    exempt: DmarcExemptSection = section(DmarcExemptSection)
