# SPDX-License-Identifier: GPL-3.0-or-later
"""How much one subject may send, and one message measured by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.quota import QuotaSubject, QuotaUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLimits:
    """The limits of one subject; None limits nothing."""

    messages_per_hour: int | None = None
    messages_per_day: int | None = None
    recipients_per_hour: int | None = None
    recipients_per_day: int | None = None
    concurrent: int | None = None
    burst: int = 0
    """So many messages, and so many recipients, may go beyond the limits of an hour; they come back within a day."""

    def of(self, unit: QuotaUnit) -> int | None:
        """The limit of one unit."""
        limit: int | None = getattr(self, unit.value)
        return limit

    @property
    def has_days(self) -> bool:
        """Something is limited for a day."""
        return self.messages_per_day is not None or self.recipients_per_day is not None

    @property
    def are_none(self) -> bool:
        """Nothing is limited."""
        return not self.limits_amounts and self.concurrent is None

    @property
    def limits_amounts(self) -> bool:
        """Messages or recipients are limited, not only how many messages there are at the same time."""
        amounts = (self.messages_per_hour, self.messages_per_day, self.recipients_per_hour, self.recipients_per_day)
        return any(amount is not None for amount in amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRequest:
    """What one message takes of what one subject may send."""

    subject: QuotaSubject
    name: str
    """May be text from outside."""
    limits: QuotaLimits
    messages: int = 1
    recipients: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaEnding:
    """What a message took turns into counts, or is given back."""

    request: QuotaRequest
    lease: str
    """The id of the message."""
    is_counted: bool
    is_late: bool = False
    """It was let through by whoever could not ask, so it counts whether it has a lease or not."""
    age_s: float = 0.0
    """How long ago that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUsage:
    """What one subject has sent."""

    messages_per_hour: int = 0
    messages_per_day: int = 0
    recipients_per_hour: int = 0
    recipients_per_day: int = 0
    concurrent: int = 0
    """Messages that are being judged; what they take is among the numbers above."""

    def of(self, unit: QuotaUnit) -> int:
        """The number of one unit."""
        return int(getattr(self, unit.value))
