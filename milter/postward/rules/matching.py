# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a rule matches, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.rules.conditions.base import Subject
from postward.rules.errors import RuleFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from postward.rules.conditions.base import Finding
    from postward.rules.message.message import Message
    from postward.rules.message.views import RecipientView
    from postward.rules.rule import Rule
    from postward.rules.services import RuleServices

_NO_CAPTURES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One message, or one recipient of it, for which the conditions hold."""

    subject: Subject
    """Looking at the recipient, where the rule does."""
    captures: Mapping[str, str] = field(default_factory=lambda: _NO_CAPTURES)
    findings: tuple[Finding, ...] = ()

    @property
    def recipient(self) -> RecipientView | None:
        """The one that was looked at."""
        return self.subject.message.recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """All for whom one rule matched."""

    hits: tuple[Hit, ...]
    recipients: tuple[str, ...]
    """Empty for a message that has none."""
    is_partial: bool = False
    """There are recipients for whom it did not match."""


def match(
    rule: Rule,
    message: Message,
    recipients: Sequence[RecipientView],
    services: RuleServices,
    message_for: Callable[[RecipientView], Message],
) -> Match | None:
    """Evaluate a rule for ``recipients`` of a message; None where it does not match.

    Raises RuleFailure or a TemporaryFailure where that cannot be found out.
    """
    if not message.recipients:
        fits = _fits(rule, message.direction)
        hit = _hit(rule, message, services) if fits else None
        return Match(hits=(hit,), recipients=()) if hit is not None else None
    fitting = [view for view in recipients if _fits(rule, view.direction)]
    if not fitting:
        return None
    if not rule.is_per_recipient:
        return _whole(rule, message, recipients, fitting, services)
    hits = list(_hits(rule, fitting, services, message_for))
    if not hits or (rule.quantifier == "all" and len(hits) < len(message.recipients)):
        return None
    matched = fitting if rule.quantifier == "any" else [hit.recipient for hit in hits]
    addresses = tuple(view.address for view in matched if view is not None)
    return Match(hits=tuple(hits), recipients=addresses, is_partial=len(addresses) < len(message.recipients))


def match_for_nobody(
    rule: Rule, message: Message, came: Sequence[RecipientView], services: RuleServices
) -> Match | None:
    """Evaluate a rule for a message from whose recipients, which ``came``, all have been taken off.

    Rules that look at recipients find none; for the others the message goes the ways that it would have gone.  Raises
    as ``match`` does.
    """
    if rule.is_per_recipient:
        return None
    fits = [_fits(rule, view.direction) for view in came]
    if not (all(fits) if rule.quantifier == "all" else any(fits)):
        return None
    hit = _hit(rule, message, services)
    return Match(hits=(hit,), recipients=()) if hit is not None else None


def _whole(
    rule: Rule,
    message: Message,
    recipients: Sequence[RecipientView],
    fitting: Sequence[RecipientView],
    services: RuleServices,
) -> Match | None:
    """A rule that looks at no recipient matches for all whom its direction fits."""
    is_partial = len(fitting) < len(message.recipients)
    if rule.quantifier == "all" and is_partial:
        return None
    hit = _hit(rule, message, services)
    if hit is None:
        return None
    everybody = recipients if rule.quantifier == "any" else fitting
    return Match(
        hits=(hit,),
        recipients=tuple(view.address for view in everybody),
        is_partial=len(everybody) < len(message.recipients),
    )


def _hits(
    rule: Rule,
    recipients: Sequence[RecipientView],
    services: RuleServices,
    message_for: Callable[[RecipientView], Message],
) -> Iterator[Hit]:
    for view in recipients:
        hit = _hit(rule, message_for(view), services)
        if hit is not None:
            yield hit


def _hit(rule: Rule, message: Message, services: RuleServices) -> Hit | None:
    subject = Subject(message=message, services=services)
    finding = rule.condition.test(subject)
    if not finding.matched:
        return None
    if rule.unless is None:
        return Hit(subject=subject, captures=finding.captures, findings=(finding,))
    exception = rule.unless.test(subject)
    if exception.matched:
        return None
    return Hit(subject=subject, captures=finding.captures, findings=(finding, exception))


def _fits(rule: Rule, direction: str) -> bool:
    """Whether a rule is for mail that goes this way."""
    if direction != "unknown":
        return direction in rule.directions
    either = rule.directions & {"outbound", "internal"}
    if len(either) == 1:
        raise RuleFailure("the directory did not say whether a recipient is ours")
    return bool(either)
