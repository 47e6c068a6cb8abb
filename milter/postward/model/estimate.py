# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be expected of an identity, and how that comes about level by level."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.identity import Identity, IdentityKind
    from postward.model.reputation import Record


class Level(NamedTuple):
    """One step from everybody down to the identity itself; a tuple, for each message makes some."""

    identity: Identity
    record: Record | None
    """As it counts now; None where nothing is known."""
    prior: float
    """The share of bad mail that the level above lets expect, from 0 to 1."""
    strength: float
    """How many messages of its own it takes to count as much as the prior."""
    mean: float
    """The share of bad mail that is expected with its own evidence."""


class Estimate(NamedTuple):
    """What is expected of one identity; a tuple, for each message makes some."""

    identity: Identity
    mean: float
    """The share of its mail that is expected to be bad, from 0 to 1."""
    lower: float
    """Where with 95 % certainty it is not below; what acts asks this, never the mean."""
    confidence: float
    """How much evidence there is, from 0 (none) to 1."""
    levels: tuple[Level, ...]
    """From everybody down to the identity itself, which is the last."""

    @property
    def record(self) -> Record | None:
        """The identity's own evidence."""
        return self.levels[-1].record


@dataclass(frozen=True, slots=True, kw_only=True)
class ReputationResult:
    """What reputation says of one message."""

    points: float = 0.0
    """What it adds to the score; negative speaks for the message."""
    log_odds: float = 0.0
    """How far all together is from what is expected of everybody, in logits."""
    expected: float = 0.0
    """The share of bad mail that is expected of everybody."""
    estimates: Mapping[IdentityKind, Estimate] = field(default_factory=lambda: MappingProxyType({}))
    """Of the message's identities, by kind; of several DKIM domains the one that is known best."""
    identities: tuple[Identity, ...] = ()
    """All that this message was read by and teaches about."""
    is_correspondent: bool = False
    """Each of its recipients has written to its author."""
    reason: str = ""
    """The heaviest grounds, in words; nothing of it is text from outside."""
