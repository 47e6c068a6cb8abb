# SPDX-License-Identifier: GPL-3.0-or-later
"""Make what limits how much is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.quota_settings import quota_policy, quota_settings
from postward.observability.privacy import AddressPrivacy
from postward.observability.quota_reporting import QuotaReporting
from postward.pipeline.quota_endings import QuotaEndings
from postward.pipeline.quota_stage import QuotaStage
from postward.store.quotas.local_quotas import LocalQuotas

if TYPE_CHECKING:
    from postward.config import Configuration
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics
    from postward.store.timed_calls import TimedCalls


def open_quotas(
    config: Configuration,
    calls: TimedCalls | None,
    log: EventLog,
    metrics: WorkerMetrics,
    *,
    workers: int,
) -> QuotaStage | None:
    """Give the stage of this process, for threads and connections do not survive a fork; to be closed before ``calls``.

    None where nothing is limited.  Without ``calls`` each of ``workers`` counts by itself.
    """
    policy = quota_policy(config)
    if policy is None:
        return None
    settings = quota_settings(config)
    store, endings = None, None
    if calls is not None:
        from postward.store.quotas.redis_quotas import RedisQuotas  # noqa: PLC0415 - as in app.rates

        store = RedisQuotas(calls)
        endings = QuotaEndings(store, log, lease_s=settings.lease_s)
    return QuotaStage(
        policy,
        settings,
        store=store,
        local=LocalQuotas(workers),
        endings=endings,
        watcher=QuotaReporting(log, metrics, addresses=AddressPrivacy(config.log.addresses)),
    )
