# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections ``spf``, ``dkim``, ``arc`` and ``iprev``: what is checked about a sender."""

from __future__ import annotations

from postward.config.schema.domain import Domain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, key


class SpfSection(Section):
    """SPF: whether this client may send for that domain (RFC 7208)."""

    enabled: bool = key("Check the envelope sender.", default=True)
    helo: bool = key("Check the HELO name too.", default=True)
    void_lookups_per_term: bool = key(
        "Count the void look-ups (RFC 7208 section 4.6.4) of a term once, however many queries it takes; false counts"
        " every query.",
        default=True,
    )
    void_lookup_limit: int = key(
        "Void look-ups that are tolerated; one more is permerror.", default=2, least=0, most=10
    )
    received_spf: bool = key("Add a Received-SPF field (RFC 7208 section 9.1).", default=False)


class DkimSection(Section):
    """DKIM: which domains answer for this message (RFC 6376, RFC 8301, RFC 8463)."""

    enabled: bool = key("Verify the DKIM signatures.", default=True)
    max_signatures: int = key("Signatures of a message that are verified, from the top.", default=10, least=1, most=100)
    min_rsa_bits: int = key(
        "RSA keys with fewer bits are refused; never below 1024 (RFC 8301).", default=1_024, least=1_024, most=4_096
    )


class ArcSection(Section):
    """ARC: what hosts before us found before they changed the message (RFC 8617)."""

    enabled: bool = key("Validate ARC chains.", default=True)
    trusted_sealers: tuple[Domain, ...] = key(
        "Domains whose ARC seals are believed when DMARC fails here; without any, ARC is only reported.", default=()
    )


class IprevSection(Section):
    """iprev: whether the client's name leads back to its address (RFC 8601 section 3)."""

    enabled: bool = key("Check the client's reverse DNS.", default=True)
