# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that were refused for a limit, in the log and in the metrics; see ``pipeline.quota_stage.QuotaWatcher``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.model.quota import QuotaSubject
from postward.observability.event import Event, Level
from postward.observability.families import QUOTA_REFUSED
from postward.observability.privacy import AddressPrivacy, show_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.quota import QuotaExcess
    from postward.model.transaction import Transaction
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics

EVENT_NAME = "quota.exceeded"


class QuotaReporting:
    """Safe from every thread; not for libmilter's, for a line is written to the log."""

    def __init__(
        self,
        log: EventLog,
        metrics: WorkerMetrics,
        *,
        addresses: AddressPrivacy = AddressPrivacy.FULL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._log = log
        self._metrics = metrics
        self._addresses = addresses
        self._clock = clock

    def exceeded(self, transaction: Transaction, excess: QuotaExcess) -> None:
        """Log and count one message that would have passed a limit."""
        self._metrics.add(QUOTA_REFUSED, excess.subject.value, excess.unit.value)
        self._log.emit(quota_event(transaction, excess, self._addresses, now_s=self._clock()))


def quota_event(transaction: Transaction, excess: QuotaExcess, privacy: AddressPrivacy, *, now_s: float) -> Event:
    """Describe a message that would have passed a limit, at Unix time ``now_s``."""
    connection, sender = transaction.known_connection, transaction.known_sender
    address = connection.address if connection is not None else None
    is_login = excess.subject is QuotaSubject.LOGIN
    return Event(
        name=EVENT_NAME,
        # An account in other hands looks like this first.
        level=Level.WARNING if excess.subject in {QuotaSubject.LOGIN, QuotaSubject.TENANT} else Level.INFO,
        time_s=now_s,
        fields={
            "id": transaction.id,
            "qid": transaction.queue_id or None,
            "subject": excess.subject.value,
            "name": show_address(excess.name, privacy) if is_login else excess.name,
            "unit": excess.unit.value,
            "limit": excess.limit,
            "used": excess.used,
            "retry_s": round(excess.retry_after_s) or None,
            "permanent": excess.is_permanent or None,
            "rcpts": len(transaction.recipients),
            "client": str(address) if address is not None else None,
            "user": show_address(transaction.authentication.user, privacy) or None,
            "from": show_address(sender.address.text, privacy) if sender is not None else None,
        },
    )
