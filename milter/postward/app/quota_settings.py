# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits as the configuration has them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaLimits
from postward.pipeline.quota_policy import (
    Allowance,
    NetworkAllowances,
    QuotaPolicy,
    SubjectPolicy,
    TrustFactors,
    WarmUp,
)
from postward.pipeline.quota_stage import QuotaSettings
from postward.pipeline.quota_subjects import login_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.config import Configuration
    from postward.config.schema.quotas import LimitsSection, OverrideSection

_LIMITS = (
    "messages_per_hour", "messages_per_day", "recipients_per_hour", "recipients_per_day", "concurrent", "burst",
)  # fmt: skip
_AFTER_DEADLINE_S = 30.0
"""Between the answer and the time at which Redis is told of it."""


def quota_policy(config: Configuration) -> QuotaPolicy | None:
    """Who may send how much; None where nobody is limited."""
    section = config.quotas
    overrides, dynamic = section.overrides, section.dynamic
    factors = TrustFactors(least=dynamic.least, most=dynamic.most) if dynamic.enabled else None
    client, network = _allowance(section.client), _allowance(section.network)
    policies = {
        QuotaSubject.LOGIN: _named(section.login, {login_name(name): each for name, each in overrides.login.items()}),
        QuotaSubject.TENANT: _named(section.tenant, overrides.tenant),
        QuotaSubject.CLIENT: SubjectPolicy(
            default=client,
            networks=NetworkAllowances((where, _other(client, each)) for where, each in overrides.client.items()),
            factors=factors,
        ),
        QuotaSubject.NETWORK: SubjectPolicy(
            default=network,
            networks=NetworkAllowances((where, _other(network, each)) for where, each in overrides.network.items()),
            factors=factors,
        ),
        QuotaSubject.RECIPIENT_DOMAIN: _named(section.recipient_domain, overrides.recipient_domain),
    }
    limited = {subject: policy for subject, policy in policies.items() if not policy.limits_nobody}
    return QuotaPolicy(subjects=MappingProxyType(limited)) if limited else None


def quota_settings(config: Configuration) -> QuotaSettings:
    """What becomes of a message that would pass a limit."""
    return QuotaSettings(
        rejects=config.quotas.over == "reject",
        lease_s=config.message.deadline_s + _AFTER_DEADLINE_S,
        counts_unjudged=config.message.failure_action == "accept",
    )


def _named(section: LimitsSection, overrides: Mapping[str, OverrideSection]) -> SubjectPolicy:
    default = _allowance(section)
    named = {name: _other(default, override) for name, override in overrides.items()}
    return SubjectPolicy(default=default, named=MappingProxyType(named))


def _allowance(section: LimitsSection) -> Allowance:
    return Allowance(limits=QuotaLimits(**{name: getattr(section, name) for name in _LIMITS}))


def _other(default: Allowance, override: OverrideSection) -> Allowance:
    """What is written there, null too, in place of what holds for all."""
    written = {name: getattr(override, name) for name in _LIMITS if name in override.model_fields_set}
    warm_up = override.warm_up
    return Allowance(
        limits=replace(default.limits, **written),
        warm_up=None
        if warm_up is None
        else WarmUp(since=warm_up.since, start_per_day=warm_up.start_per_day, growth=warm_up.growth),
    )
