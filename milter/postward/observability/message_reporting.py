# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker does about a message that is done with: log it, store it, count it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from postward.observability.background import BackgroundLoop
from postward.observability.families import RECIPIENTS_REFUSED
from postward.observability.message_event import MessageEventSettings, action_of, message_event
from postward.observability.message_metrics import count_message, count_rules
from postward.observability.refusal_event import refusal_event
from postward.observability.rule_event import rule_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.rule_outcome import RuleMatch
    from postward.model.transaction import Transaction
    from postward.observability.channel import Channel
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics

_FLUSH_INTERVAL_S = 1.0
_JOIN_TIMEOUT_S = 5.0
_FIRST_5XX = 500


class MessageReporting:
    """Reports finished messages, and every second sends what has gathered to the collector on a thread of its own.

    To be made after the fork; off the mail path, for a line is written to the log.
    """

    def __init__(
        self,
        settings: MessageEventSettings,
        log: EventLog,
        channel: Channel,
        metrics: WorkerMetrics,
        *,
        sources: Sequence[Callable[[], None]] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``sources``: called before each sending, to bring counters up to what is counted elsewhere."""
        self._settings = settings
        self._log = log
        self._channel = channel
        self._metrics = metrics
        self._sources = sources
        self._clock = clock
        self._stop = threading.Event()
        loop = BackgroundLoop("report", self.flush, log, self._stop, interval_s=_FLUSH_INTERVAL_S)
        self._thread = loop.start()

    def report(self, transaction: Transaction, outcome: str, reply: str) -> None:
        """Log, store and count one message; ``outcome`` and ``reply`` are the words of ``mta.engine``."""
        if transaction.rules is not None:
            self.report_rules(transaction, transaction.rules.matches, transaction.rules.digest)
        now_s = self._clock()
        event = message_event(transaction, self._settings, outcome=outcome, reply=reply, now_s=now_s)
        self._log.emit(event)
        self._channel.post(event)
        count_message(self._metrics, transaction, action=action_of(transaction, outcome), now_s=now_s)

    def report_rules(self, transaction: Transaction, matches: Sequence[RuleMatch], digest: str = "") -> None:
        """Log, store and count rules that matched, or failed; ``digest`` is that of the rules in force."""
        now_s = self._clock()
        for match in matches:
            event = rule_event(transaction, match, digest=digest, privacy=self._settings.addresses, now_s=now_s)
            self._log.emit(event)
            self._channel.post(event)
        count_rules(self._metrics, matches)

    def report_refusal(self, transaction: Transaction, recipient: Recipient, reply: Reply) -> None:
        """Log and count one recipient that was refused; such a message may never come."""
        now_s = self._clock()
        self._log.emit(refusal_event(transaction, recipient, reply, self._settings, now_s=now_s))
        self._metrics.add(RECIPIENTS_REFUSED, "permanent" if reply.code >= _FIRST_5XX else "temporary")

    def flush(self) -> None:
        """Send what has gathered; what the collector does not take stays."""
        for bring_up_to_date in self._sources:
            bring_up_to_date()
        self._channel.flush()

    def close(self, timeout_s: float = 2.0) -> None:
        """Send the rest before the process ends, waiting at most so long for the collector."""
        self._stop.set()
        self._thread.join(_JOIN_TIMEOUT_S)
        for bring_up_to_date in self._sources:
            bring_up_to_date()
        self._channel.drain(timeout_s)
