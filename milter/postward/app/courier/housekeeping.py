# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out what moderators have decided, and see to what has waited long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.moderation import AlreadyDecidedError, End
from postward.app.quarantine import delete_message
from postward.observability.privacy import AddressPrivacy, show_text
from postward.spool.errors import InUseError, NoSuchMessageError, SpoolError
from postward.spool.kept_message import Decision

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.app.moderation import ModerationDesk, Outcome
    from postward.observability.logger import EventLog
    from postward.spool.kept_message import KeptMessage, Moderation
    from postward.spool.message_store import MessageStore


_AFTER_A_FAILURE_S = 300.0


class _Faults:
    """Tells each fault once, for as long as it lasts."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()

    def new(self, faults: tuple[str, ...]) -> tuple[str, ...]:
        """Those that were not there the last time."""
        new = tuple(fault for fault in faults if fault not in self._known)
        self._known = frozenset(faults)
        return new


class ModerationCourier:
    """Looks after held messages; used by one thread."""

    def __init__(
        self,
        held: MessageStore,
        desk: ModerationDesk,
        log: EventLog,
        *,
        retention_s: float,
        clock: Callable[[], float],
        privacy: AddressPrivacy = AddressPrivacy.FULL,
    ) -> None:
        """``retention_s``: no message is held longer, whatever its rule says."""
        self._held = held
        self._desk = desk
        self._log = log
        self._retention_s = retention_s
        self._clock = clock
        self._privacy = privacy
        self._faults = _Faults()
        self._again_s: dict[str, float] = {}
        """Of messages that could not be dealt with: when that is tried again."""

    def step(self) -> None:
        """See to every message that is due; raises SpoolError where the folder cannot be read."""
        listing = self._held.listing()
        for fault in self._faults.new(listing.faults):
            self._log.error("moderation.damaged", text=fault)
        there = {message.id for message in listing.messages}
        self._again_s = {name: again_s for name, again_s in self._again_s.items() if name in there}
        for message in listing.messages:
            if message.moderation is not None:
                self._attend(message, message.moderation)

    def tidy(self) -> None:
        """Remove what interrupted processes have left; raises SpoolError."""
        self._held.tidy(self._clock())

    def _attend(self, message: KeptMessage, held: Moderation) -> None:
        now_s = self._clock()
        if 0 < self._again_s.get(message.id, 0.0) - now_s <= _AFTER_A_FAILURE_S:
            return
        try:
            if held.decision is not Decision.PENDING:
                if now_s >= held.next_attempt_s:
                    self._tell(self._desk.carry_out(message.id))
            elif now_s >= min(held.expires_s, message.time_s + self._retention_s):
                self._tell(self._desk.expire(message.id))
        except (InUseError, NoSuchMessageError, AlreadyDecidedError):
            # A moderator was faster.
            return
        except SpoolError as error:
            self._again_s[message.id] = now_s + _AFTER_A_FAILURE_S
            self._log.error("moderation.failed", kept_id=message.id, text=str(error))

    def _tell(self, outcome: Outcome) -> None:
        message, held = outcome.message, outcome.message.moderation
        fields = {
            "id": message.transaction_id,
            "queue_id": message.queue_id,
            "kept_id": message.id,
            "decision": held.decision if held else None,
            "by": held.decided_by if held else None,
            "end": outcome.end,
            "text": show_text(outcome.text, self._privacy) or None,
        }
        if outcome.end in {End.WAITING, End.GIVEN_UP}:
            self._log.warning("moderation.done", **fields)
        else:
            self._log.info("moderation.done", **fields)


class QuarantineCourier:
    """Deletes what has been in quarantine long enough; used by one thread."""

    def __init__(
        self, quarantine: MessageStore, log: EventLog, *, retention_s: float, clock: Callable[[], float]
    ) -> None:
        self._quarantine = quarantine
        self._log = log
        self._retention_s = retention_s
        self._clock = clock
        self._faults = _Faults()

    def step(self) -> None:
        """Delete what is due; raises SpoolError."""
        now_s = self._clock()
        listing = self._quarantine.listing()
        for fault in self._faults.new(listing.faults):
            self._log.error("quarantine.damaged", text=fault)
        for message in listing.messages:
            if now_s - message.time_s < self._retention_s:
                continue
            try:
                delete_message(self._quarantine, message.id)
            except (InUseError, NoSuchMessageError):
                continue
            self._log.info("quarantine.expired", id=message.transaction_id, qid=message.queue_id, kept_id=message.id)

    def tidy(self) -> None:
        """Remove what interrupted processes have left; raises SpoolError."""
        self._quarantine.tidy(self._clock())
