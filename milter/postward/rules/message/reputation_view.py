# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reputation store says of those whom a message comes from, as rules see it."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field type of a dataclass
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.identity import IdentityKind

if TYPE_CHECKING:
    from postward.model.estimate import Estimate, ReputationResult

ANY = "any"
_OWN_WORDS = {kind.value: (kind.value,) for kind in IdentityKind if kind is not IdentityKind.ALL}
WHOSE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_OWN_WORDS,
        "network": (IdentityKind.NETWORK.value,),
        "domain": (
            IdentityKind.AUTHOR_DOMAIN.value,
            IdentityKind.DKIM_DOMAIN.value,
            IdentityKind.SPF_DOMAIN.value,
        ),
        "sender": (IdentityKind.PAIR.value, IdentityKind.LOGIN.value),
        ANY: tuple(_OWN_WORDS),
    }
)
"""The words by which rules ask, and the kinds that each means; of several the first that the message has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """One of those whom the message comes from."""

    kind: str
    """The word of ``model.identity.IdentityKind``: ip, net, asn, helo, spf, dkim, from, org, pair, login, tenant."""
    name: str = ""
    """May hold text from outside."""
    bad_percent: float = 0.0
    """The share of its mail that is expected to be bad, from 0 to 100."""
    surely_bad_percent: float = 0.0
    """Where with 95 % certainty that is not below; near 0 where little is known."""
    confidence: float = 0.0
    """How much is known of it, from 0 (nothing) to 1."""
    messages: float = 0.0
    """That it has sent to us so far; 0 where nothing is known of it."""
    grave: float = 0.0
    """Malware, traps and complaints from it, as far as they still count."""

    def __str__(self) -> str:
        """In words, without its name."""
        return (
            f"{self.kind}: {self.bad_percent:.1f} % bad, surely {self.surely_bad_percent:.1f} %,"
            f" confidence {self.confidence:.2f}, {self.messages:.0f} messages"
            f"{f', {self.grave:.1f} grave' if self.grave else ''}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReputationView:
    """What is known of all of them together."""

    identities: Mapping[str, IdentityView] = field(default_factory=lambda: MappingProxyType({}))
    """By kind."""
    is_correspondent: bool = False
    """Each recipient has written to the author."""
    points: float = 0.0
    """What that adds to the score; negative speaks for the message."""

    def of(self, word: str) -> tuple[IdentityView, ...]:
        """Give those that a word of ``WHOSE`` means: all of them for ``any``, at most one for every other."""
        found = [self.identities[kind] for kind in WHOSE.get(word, ()) if kind in self.identities]
        return tuple(found if word == ANY else found[:1])


def reputation_view(result: ReputationResult) -> ReputationView:
    """Give what rules see of a result."""
    return ReputationView(
        identities=MappingProxyType({kind.value: _view(estimate) for kind, estimate in result.estimates.items()}),
        is_correspondent=result.is_correspondent,
        points=result.points,
    )


def _view(estimate: Estimate) -> IdentityView:
    record = estimate.record
    return IdentityView(
        kind=estimate.identity.kind.value,
        name=estimate.identity.name,
        bad_percent=estimate.mean * 100,
        surely_bad_percent=estimate.lower * 100,
        confidence=estimate.confidence,
        messages=record.seen if record is not None else 0.0,
        grave=record.hard if record is not None else 0.0,
    )
