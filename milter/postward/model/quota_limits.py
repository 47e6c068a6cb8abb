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

    subject: QuotaSubject
    name: str
    lease: str
    """The id of the message."""
    is_counted: bool


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
