# SPDX-License-Identifier: GPL-3.0-or-later
"""What reputation says of one message: points, each with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.estimate import ReputationResult
from postward.model.identity import OWN_KINDS, IdentityKind
from postward.model.symbol import Finding
from postward.reputation import symbols
from postward.reputation.assessment import Assessment
from postward.reputation.fusion import contributions, fuse, hard_points
from postward.reputation.words import hard_words, known_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postward.model.estimate import Estimate
    from postward.model.reputation import Known
    from postward.reputation.fusion import Contribution
    from postward.reputation.identities import Found
    from postward.reputation.lineage import Lineage

_POINTS_AGAINST, _POINTS_FOR = 1.0, 0.5
"""Of the score, for each logit.  What speaks for a message counts less: who has a good name may lose his account."""
_LEAST_POINTS = 0.1
_MAX_REASONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSettings:
    """How much reputation may count."""

    max_bonus: float = 2.0
    """Points that take off the score at most, apart from those for correspondents."""
    max_penalty: float = 4.0
    """Points that add to it at most; lower than junk, so that nobody is junk for his name alone."""
    trusts_correspondents: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The result, and the findings that bring it into the score."""

    result: ReputationResult
    findings: tuple[Finding, ...] = ()


def opinion(found: Found, known: Known, lineage: Lineage, settings: OpinionSettings) -> Opinion:
    """Form an opinion from what is known; of our own users there is none, only estimates."""
    assessment = Assessment(lineage, known.standings, found.above)
    estimates = _by_kind(found, assessment)
    expected = assessment.everybody.mean
    is_own = any(kind in OWN_KINDS for kind in estimates)
    parts = () if is_own else contributions(estimates, expected)
    is_correspondent = _is_correspondent(found, known)
    findings = [] if is_own else [*_of_names(parts, estimates, settings)]
    if is_correspondent and settings.trusts_correspondents:
        findings.append(Finding(symbols.CORRESPONDENT.name, points=symbols.CORRESPONDENT.score))
    result = ReputationResult(
        points=round(sum(each.points or 0.0 for each in findings), 3),
        log_odds=fuse(parts),
        expected=expected,
        estimates=MappingProxyType(estimates),
        identities=found.identities,
        is_correspondent=is_correspondent,
        reason="; ".join(each.words for each in findings if each.words),
    )
    return Opinion(result=result, findings=tuple(findings))


def _by_kind(found: Found, assessment: Assessment) -> dict[IdentityKind, Estimate]:
    """Give one estimate of each kind: the narrowest network, of all else that which is known best; not everybody."""
    estimates: dict[IdentityKind, Estimate] = {}
    for subject in found.subjects:
        kind = subject.identity.kind
        if kind is IdentityKind.ALL:
            continue
        estimate, present = assessment.of(subject.identity), estimates.get(kind)
        # Networks come from the widest to the narrowest, and what is known of one is in that of the next.
        if present is None or kind is IdentityKind.NETWORK or estimate.confidence > present.confidence:
            estimates[kind] = estimate
    return estimates


def _is_correspondent(found: Found, known: Known) -> bool:
    pairs = found.correspondences
    return bool(pairs) and known.correspondences.issuperset(pairs)


def _of_names(
    parts: Sequence[Contribution], estimates: Mapping[IdentityKind, Estimate], settings: OpinionSettings
) -> list[Finding]:
    log_odds = fuse(parts)
    hard, worst = hard_points(estimates)
    if log_odds < 0:
        # Whose mail has been malware is not known for good mail.
        bonus = min(-log_odds * _POINTS_FOR, settings.max_bonus) if hard < _LEAST_POINTS else 0.0
        found = _finding(symbols.GOOD.name, -bonus, _reasons(parts, -1))
        return [*found, *_hard(hard, worst, settings.max_penalty)]
    penalty = min(log_odds * _POINTS_AGAINST, settings.max_penalty)
    found = _finding(symbols.BAD.name, penalty, _reasons(parts, 1))
    return [*found, *_hard(hard, worst, settings.max_penalty - penalty)]


def _hard(points: float, worst: Estimate | None, room: float) -> list[Finding]:
    if worst is None:
        return []
    return _finding(symbols.HARD.name, min(points, room), hard_words(worst))


def _finding(name: str, points: float, words: str) -> list[Finding]:
    return [Finding(name, points=round(points, 3), words=words)] if abs(points) >= _LEAST_POINTS else []


def _reasons(parts: Sequence[Contribution], sign: int) -> str:
    """The heaviest grounds on one side."""
    heaviest = sorted((part for part in parts if part.log_odds * sign > 0), key=lambda part: -part.log_odds * sign)
    return ", ".join(dict.fromkeys(known_words(part.estimate) for part in heaviest[:_MAX_REASONS]))
