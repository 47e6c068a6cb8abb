# SPDX-License-Identifier: GPL-3.0-or-later
"""What the limits on how much somebody sends say of one message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class QuotaSubject(StrEnum):
    """Who is limited."""

    LOGIN = "login"
    TENANT = "tenant"
    """One of our domains, for all its logins together."""
    CLIENT = "client"
    """The address of a client outside."""
    NETWORK = "network"
    """Its /24 or /64."""
    RECIPIENT_DOMAIN = "recipient_domain"


class QuotaUnit(StrEnum):
    """What is counted, over which time."""

    MESSAGES_PER_HOUR = "messages_per_hour"
    MESSAGES_PER_DAY = "messages_per_day"
    RECIPIENTS_PER_HOUR = "recipients_per_hour"
    RECIPIENTS_PER_DAY = "recipients_per_day"
    CONCURRENT = "concurrent"
    """Messages that are being judged at this moment."""
    DOMAINS = "domains_per_message"
    """Domains of the recipients of one message; nobody sets that, and nothing is counted."""


COUNTED_UNITS = tuple(unit for unit in QuotaUnit if unit is not QuotaUnit.DOMAINS)
"""Those that have limits to be set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaExcess:
    """The limit that a message would pass."""

    subject: QuotaSubject
    name: str
    """Of whom; may be text from outside."""
    unit: QuotaUnit
    limit: int
    used: int
    """Before this message."""
    retry_after_s: float = 0.0
    """When it may pass; 0 where that is not known, or never."""
    is_permanent: bool = False
    """The message has more recipients by itself than the limit: it never passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaResult:
    """Told in the log and to the operator."""

    excess: QuotaExcess | None = None
    """None: within all limits."""
    is_local: bool = False
    """Redis did not answer, and this process counted by itself, its own share of each limit."""
