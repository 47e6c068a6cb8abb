# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies for the archives that domains ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.action import Plan
    from postward.pipeline.domain_wishes import DomainWishes


def with_archives(plan: Plan, wishes: DomainWishes) -> Plan:
    """Add the archives as recipients of a message that is neither refused nor discarded."""
    if plan.reply is not None or plan.discards or not wishes.archive_addresses:
        return plan
    return replace(plan, new_recipients=(*plan.new_recipients, *wishes.archive_addresses))
