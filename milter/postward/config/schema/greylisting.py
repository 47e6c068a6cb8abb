# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``greylisting``: suspects are asked to come again."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from postward.config.schema.domain import Domain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.network import Network  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, fault, key, section


class GreylistingExemptSection(Section):
    """Mail that never waits."""

    networks: tuple[Network, ...] = key("Networks of clients.", default=())
    domains: tuple[Domain, ...] = key(
        "Domains, with those below them, whose mail does not wait where SPF, DKIM or DMARC says that it is theirs.",
        default=(),
    )


class GreylistingSection(Section):
    """Answer 451 to what is suspect until it comes again (docs/greylisting.md); needs Redis."""

    enabled: bool = key(
        "Ask suspects to come again: mail whose score is between scoring.suspect_threshold and junk.", default=False
    )
    delay_s: float = key("Seconds that a message has to wait.", default=300.0, least=1, most=86_400)
    window_s: float = key(
        "Seconds within which it has to come again; a sender's queue may be slow.",
        default=172_800.0,
        least=60,
        most=30 * 86_400,
    )
    known_days: int = key(
        "Days for which mail need not wait any more: of an envelope that came again, and of a domain that passes DMARC"
        " and has sent good mail; counted from the last message.",
        default=35,
        least=1,
        most=365,
    )
    ipv4_prefix: int = key(
        "Bits of an IPv4 address that name the client: a message may come again from any host with the same.",
        default=24,
        least=8,
        most=32,
    )
    ipv6_prefix: int = key("The same for IPv6.", default=64, least=16, most=128)
    exempt: GreylistingExemptSection = section(GreylistingExemptSection)

    @model_validator(mode="after")
    def _can_come_again(self) -> Self:
        if self.window_s < 2 * self.delay_s:
            raise fault("window_s is shorter than two times delay_s", "a message that comes again would be forgotten")
        return self
