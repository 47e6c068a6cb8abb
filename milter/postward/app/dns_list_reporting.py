# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring into log and metrics what becomes of DNS lists; never with a key in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns_lists.redaction import redacted
from postward.observability.families import DNS_LIST_ANSWERS, DNS_LIST_OFF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.dns_lists.answer import ListStatus
    from postward.dns_lists.zone import ListZone
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics


class ListReporting:
    """Watches the health of lists, and counts their answers."""

    def __init__(self, zones: Sequence[ListZone], log: EventLog, metrics: WorkerMetrics) -> None:
        self._zones = zones
        self._log = log
        self._metrics = metrics
        for zone in zones:
            metrics.set(DNS_LIST_OFF, 0, zone.name)

    def switched_off(self, zone: ListZone, why: str) -> None:
        """Raise the alarm."""
        self._metrics.set(DNS_LIST_OFF, 1, zone.name)
        self._log.error("dns_list.off", list=zone.name, text=redacted(why, self._zones))

    def switched_on(self, zone: ListZone) -> None:
        """Give the all-clear."""
        self._metrics.set(DNS_LIST_OFF, 0, zone.name)
        self._log.info("dns_list.on", list=zone.name)

    def count(self, zone: ListZone, status: ListStatus) -> None:
        """Count an answer."""
        self._metrics.add(DNS_LIST_ANSWERS, zone.name, status.value)
