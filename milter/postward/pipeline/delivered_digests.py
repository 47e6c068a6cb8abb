# SPDX-License-Identifier: GPL-3.0-or-later
"""Digests of the body that is delivered, which is what we sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.delivery import delivered_body
from postward.authn.dkim import BodyDigests

if TYPE_CHECKING:
    from postward.checks.examination import Examination
    from postward.model.action import Plan


def delivered_digests(plan: Plan, examination: Examination) -> BodyDigests:
    """Give those that verification has computed already, unless ``plan`` replaces the body."""
    if plan.new_body is None:
        return examination.digests
    return BodyDigests(delivered_body(examination.transaction, plan))
