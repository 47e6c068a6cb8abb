# SPDX-License-Identifier: GPL-3.0-or-later
"""Reputation and limits in ``scan --json``, and an estimate in ``reputation show --json``: documented and stable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.reputation_desk import Explained
    from postward.app.reputation_ranking import Ranked
    from postward.model.estimate import Estimate, Level, ReputationResult
    from postward.model.quota import QuotaResult
    from postward.model.reputation import Record
    from postward.model.reputation_day import ReputationDay


def reputation_report(result: ReputationResult | None) -> dict[str, Any] | None:
    """Tell what is known of those whom a message comes from; None where the store was not asked, or did not answer.

    Text from outside stands unescaped in its values.
    """
    if result is None:
        return None
    return {
        "points": result.points,
        "log_odds": result.log_odds,
        "expected_percent": result.expected * 100,
        "reason": result.reason,
        "is_correspondent": result.is_correspondent,
        "identities": [_numbers(estimate) for estimate in result.estimates.values()],
    }


def explained_report(explained: Explained) -> dict[str, Any]:
    """Tell an estimate level by level."""
    estimate = explained.estimate
    return {
        **_numbers(estimate),
        "fast": record_report(explained.fast),
        "levels": [_level(level) for level in estimate.levels],
    }


def ranked_report(ranked: Ranked) -> dict[str, Any]:
    """Tell one of those who stand out."""
    return _numbers(ranked)


def record_report(record: Record | None) -> dict[str, Any] | None:
    """Tell the evidence of one window."""
    if record is None:
        return None
    return {
        "good": record.good,
        "bad": record.bad,
        "hard": record.hard,
        "seen": record.seen,
        "first_s": record.first_s,
        "last_s": record.last_s,
    }


def history_report(days: Sequence[ReputationDay]) -> list[dict[str, Any]]:
    """Tell what came on each day."""
    return [
        {"day": day.day.isoformat(), "good": day.good, "bad": day.bad, "hard": day.hard, "seen": day.seen}
        for day in days
    ]


def quota_report(result: QuotaResult | None) -> dict[str, Any] | None:
    """Tell the limit that the message would have passed; None where nobody asked."""
    if result is None:
        return None
    excess = result.excess
    return {
        "is_local": result.is_local,
        "excess": None
        if excess is None
        else {
            "subject": excess.subject,
            "name": excess.name,
            "unit": excess.unit,
            "limit": excess.limit,
            "used": excess.used,
            "retry_after_s": excess.retry_after_s,
        },
    }


def _numbers(estimate: Estimate | Ranked) -> dict[str, Any]:
    return {
        "kind": estimate.identity.kind,
        "name": estimate.identity.name,
        "bad_percent": estimate.mean * 100,
        "surely_bad_percent": estimate.lower * 100,
        "confidence": estimate.confidence,
        "record": record_report(estimate.record),
    }


def _level(level: Level) -> dict[str, Any]:
    return {
        "kind": level.identity.kind,
        "name": level.identity.name,
        "prior_percent": level.prior * 100,
        "strength": level.strength,
        "bad_percent": level.mean * 100,
        "record": record_report(level.record),
    }
