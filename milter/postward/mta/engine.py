# SPDX-License-Identifier: GPL-3.0-or-later
"""What the milter server needs of the rest of Postward; the composition root implements it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from postward.mta.settings import ListenSettings, MtaSettings

if TYPE_CHECKING:
    import socket

    from postward.model.action import Plan, Reply
    from postward.model.envelope import Recipient
    from postward.model.header import HeaderField
    from postward.model.not_remembered import NotRemembered
    from postward.model.transaction import Transaction
    from postward.mta.managed_redis.settings import ManagedRedisSettings
    from postward.mta.shedding import Shedding
    from postward.observability.collector_settings import CollectorSettings


class Outcome(StrEnum):
    """How the handling of a message ended."""

    EVALUATED = "evaluated"
    """The plan of ``evaluate`` was carried out."""
    FAILED = "failed"
    """The evaluation raised, or the message could not be recorded whole: the failure action was taken."""
    TIMED_OUT = "timed_out"
    """The deadline passed first: the failure action was taken."""
    SHED = "shed"
    """There was too much work: the client was asked to come again before anything was looked at."""
    ABORTED = "aborted"
    """The client or the MTA gave the message up after MAIL FROM; nothing was answered."""


class Engine(Protocol):
    """Judges messages inside one worker; made after the fork.

    The hooks, ``recall_recipient`` among them, are called on libmilter's threads, for each message in this order,
    while it comes in: they do nothing but look at memory and post to the resolver's thread, never block and never
    raise.  In a session with several messages they are called for each.
    """

    @property
    def answers_recipients(self) -> bool:
        """Recipients may be refused, so the MTA must wait for an answer to each."""
        ...

    @property
    def shedding(self) -> Shedding | None:
        """What lets work in; None lets in everything, and the MTA need not wait for an answer to a sender."""
        ...

    @property
    def changes_envelope(self) -> bool:
        """Plans may change the envelope, which the MTA must allow at the beginning of the session."""
        ...

    @property
    def changes_body(self) -> bool:
        """Plans may replace the body, which the MTA must allow at the beginning of the session."""
        ...

    def connected(self, transaction: Transaction) -> None:
        """The connection is known; DNS may be asked ahead."""
        ...

    def helo_given(self, transaction: Transaction) -> None:
        """``transaction.helo`` is known; called again where the client greets again."""
        ...

    def sender_given(self, transaction: Transaction) -> None:
        """MAIL FROM and the authentication are known."""
        ...

    def recall_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """What to answer to a recipient, where that is known without asking anybody; None takes it."""
        ...

    def judge_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """What to answer to a recipient; on a thread that Python made, and it may ask and wait.

        Only reads the transaction.  May raise anything: then the failure action is taken for this recipient.
        """
        ...

    def unanswered_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """What to answer to a recipient that could not be judged, where the failure action would take it.

        On libmilter's thread; does nothing but look at memory.
        """
        ...

    def recipient_refused(self, transaction: Transaction, recipient: Recipient, reply: Reply) -> None:
        """Log and count a refused recipient, on a thread that Python made."""
        ...

    def field_seen(self, transaction: Transaction, field: HeaderField) -> None:
        """One more header field is known."""
        ...

    def field_unread(self, transaction: Transaction, name: bytes) -> None:
        """One more header field came, beyond the bounds of what is kept; the message will not be judged."""
        ...

    def evaluate(self, transaction: Transaction) -> None:
        """Judge a complete message and set its ``decision`` and ``plan``; on a thread that Python made.

        May raise anything: then the failure action is taken.
        """
        ...

    def fallback(self, transaction: Transaction, reason: str) -> Plan:
        """What to do with a message that could not be judged; quick, on a thread that Python made.

        ``transaction`` may be incomplete; an evaluation that was given up no longer touches it.
        """
        ...

    def finished(self, transaction: Transaction, outcome: Outcome, reply: str) -> None:
        """Log and count, off the reply path, on a thread that Python made, one message at a time.

        ``reply``: "accept", or the SMTP reply as it was given ("550 5.7.1 ..."); empty where nothing was.
        """
        ...

    def close(self) -> None:
        """The worker has served its last session: flush and let go."""
        ...


class LoadedGeneration(Protocol):
    """A configuration that was read, checked and found good."""

    @property
    def workers(self) -> int:
        """How many worker processes."""
        ...

    @property
    def settings(self) -> MtaSettings:
        """How they serve."""
        ...

    @property
    def collector(self) -> CollectorSettings:
        """How metrics are served, events kept and lines logged while this generation is the one that counts."""
        ...

    @property
    def managed_redis(self) -> ManagedRedisSettings | None:
        """The private Redis that is to run while this generation is the one that counts; None for none."""
        ...

    def make_engine(self, worker_index: int, channel: socket.socket) -> Engine:
        """Make the engine inside a worker.

        ``worker_index`` counts from 0, and a replacement has the index of the one it replaces; ``channel`` leads
        to the collector, and all workers share it.
        """
        ...


GenerationLoader = Callable[[], LoadedGeneration]
"""Reads and checks everything, in the process that will be the generation leader; raises ConfigErrors."""

ListenLoader = Callable[[], ListenSettings]
"""Reads only where to listen, in a process of its own; raises ConfigErrors."""

CollectorBody = Callable[["socket.socket", "CollectorSettings"], None]
"""Takes in, in a process of its own, what the workers report, until the channel ends."""
