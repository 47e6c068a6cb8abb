# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a message's event that tells what is known of its sender, and whether he sends too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.quota import QuotaSubject
from postward.observability.privacy import show_address

if TYPE_CHECKING:
    from postward.model.transaction import Facts
    from postward.observability.event import FieldValue
    from postward.observability.privacy import AddressPrivacy


def reputation_fields(facts: Facts) -> dict[str, FieldValue]:
    """Tell the expectation by kinds of identities, never by their names."""
    result = facts.reputation
    if result is None:
        return {"reputation": None, "reputation_points": None, "reputation_reason": None, "correspondent": None}
    return {
        "reputation": {kind.value: round(estimate.mean * 100, 2) for kind, estimate in result.estimates.items()}
        or None,
        "reputation_points": result.points,
        "reputation_reason": result.reason or None,
        "correspondent": result.is_correspondent or None,
    }


def quota_fields(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    """Tell the limit that the message would have passed."""
    quota = facts.quota
    excess = quota.excess if quota is not None else None
    return {
        "quota": f"{excess.subject.value}:{excess.unit.value}" if excess else None,
        "quota_name": _shown(excess.subject, excess.name, privacy) if excess else None,
        "quota_limit": excess.limit if excess else None,
        "quota_used": excess.used if excess else None,
        "quota_wait_s": excess.retry_after_s or None if excess else None,
        "quota_local": quota.is_local or None if quota is not None else None,
    }


def _shown(subject: QuotaSubject, name: str, privacy: AddressPrivacy) -> str | None:
    return show_address(name, privacy) if subject is QuotaSubject.LOGIN else name
