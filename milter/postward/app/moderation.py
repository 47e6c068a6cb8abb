# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide about held messages, and do what was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.app.courier.bounce_mail import EXPIRED, REFUSED, bounce_mail
from postward.app.courier.hand_over import NotHandedOverError
from postward.app.moderation_tokens import DECISIONS
from postward.errors import PermanentFailure
from postward.pipeline.notice_addressees import is_notice_address
from postward.spool.errors import InUseError, NoSuchMessageError, SpoolError
from postward.spool.kept_message import Decision, KeptMessage, Moderation

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.app.courier.own_mail import OwnMailSettings
    from postward.app.courier.release import Release
    from postward.app.moderation_tokens import ModerationTokens
    from postward.spool.message_store import MessageStore

_FIRST_DELAY_S, _LONGEST_DELAY_S = 60.0, 3_600.0
_GIVE_UP_S = 2 * 86_400.0
"""After which a message comes back that is refused."""
_GIVE_UP_WAITING_S = 14 * 86_400.0
"""The same where the MTA cannot be reached, or says to wait: nothing is lost because it was away over holidays."""
EXPIRY = "expiry"
"""Who has decided where nobody did in time."""


class AlreadyDecidedError(PermanentFailure):
    """Somebody has decided before."""


class End(StrEnum):
    """What became of a message that was decided."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    """Its sender, who is one of ours, has been told."""
    DISCARDED = "discarded"
    """Deleted without a word: so it was decided, or there is nobody who may be told."""
    GIVEN_UP = "given up"
    """The MTA would not have it for some recipients, and long enough."""
    WAITING = "waiting"
    """The MTA has not taken it yet; it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one message."""

    message: KeptMessage
    end: End
    text: str = ""
    """What the MTA says, where it does not take it."""


class ModerationDesk:
    """Decides and carries out; safe from every thread and process."""

    def __init__(
        self,
        store: MessageStore,
        release: Release,
        tokens: ModerationTokens,
        own_mail: OwnMailSettings,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._release = release
        self._tokens = tokens
        self._own_mail = own_mail
        self._clock = clock
        # What the MTA has taken while that could not be written down: nobody gets it twice as long as we remember.
        self._served: dict[str, frozenset[str]] = {}
        self._told: set[str] = set()

    def decide_by_token(self, token: str, word: str, *, explanation: str = "") -> Outcome:
        """Decide with the token of a notice; raises UsageError where it is not good, and as ``decide`` does."""
        meaning = self._tokens.read(token, word)
        return self.decide(meaning.message_id, word, by="token", explanation=explanation)

    def decide(self, message_id: str, word: str, *, by: str, explanation: str = "") -> Outcome:
        """Let a message go (``approve``), or send it back (``reject``), and say what came of it.

        Raises NoSuchMessageError, AlreadyDecidedError and InUseError; of two who decide at once, one does.
        """
        with self._store.claim(message_id) as message:
            self._record(message, DECISIONS[word], by, explanation)
        try:
            return self.carry_out(message_id)
        except (InUseError, NoSuchMessageError):
            # The courier was faster.
            return Outcome(message=message, end=End.WAITING, text="it is being done")

    def expire(self, message_id: str) -> Outcome:
        """Do what is to be done with a message that nobody has decided about in time; raises as ``decide`` does."""
        with self._store.claim(message_id) as message:
            self._record(message, _moderation(message).on_expire, EXPIRY, "")
        return self.carry_out(message_id)

    def carry_out(self, message_id: str) -> Outcome:
        """Do what was decided; raises NoSuchMessageError, InUseError and SpoolError."""
        with self._store.claim(message_id) as message:
            match _moderation(message).decision:
                case Decision.DELIVER:
                    return self._deliver(message)
                case Decision.BOUNCE:
                    return self._bounce(message, End.BOUNCED)
                case Decision.DISCARD:
                    return self._finish(message, End.DISCARDED)
                case Decision.PENDING:
                    raise SpoolError(f"nobody has decided about message {message.id}")

    def _record(self, message: KeptMessage, decision: Decision, by: str, explanation: str) -> None:
        held = _moderation(message)
        if held.decision is not Decision.PENDING:
            raise AlreadyDecidedError(f"message {message.id} is decided already: {held.decision}, by {held.decided_by}")
        decided = replace(held, decision=decision, decided_by=by, decided_s=self._clock(), explanation=explanation)
        self._store.replace(replace(message, moderation=decided))

    def _deliver(self, message: KeptMessage) -> Outcome:
        content = self._store.content(message)
        served = self._served.get(message.id, frozenset())
        message = replace(message, recipients=tuple(each for each in message.recipients if each not in served))
        if not message.recipients:
            return self._finish(message, End.DELIVERED)
        try:
            handed = self._release.let_go(message, content, message.recipients)
        except NotHandedOverError as error:
            return self._put_off(message, str(error), is_permanent=error.is_permanent)
        self._served[message.id] = served | frozenset(handed.accepted)
        if not handed.refused:
            return self._finish(message, End.DELIVERED)
        left = replace(message, recipients=tuple(recipient for recipient, _ in handed.refused))
        return self._put_off(left, "; ".join(f"{recipient}: {answer}" for recipient, answer in handed.refused))

    def _put_off(self, message: KeptMessage, text: str, *, is_permanent: bool = True) -> Outcome:
        held = _moderation(message)
        if self._clock() - held.decided_s >= (_GIVE_UP_S if is_permanent else _GIVE_UP_WAITING_S):
            return replace(self._bounce(message, End.GIVEN_UP), text=text)
        delay_s = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(held.attempts, 32))
        later = replace(held, attempts=held.attempts + 1, next_attempt_s=self._clock() + delay_s)
        waiting = replace(message, moderation=later)
        self._store.replace(waiting)
        self._served.pop(message.id, None)
        return Outcome(message=waiting, end=End.WAITING, text=text)

    def _bounce(self, message: KeptMessage, end: End) -> Outcome:
        """Tell the sender, unless it is nobody of ours: that would be backscatter."""
        if not message.is_own_sender or not is_notice_address(message.sender):
            return self._finish(message, End.GIVEN_UP if end is End.GIVEN_UP else End.DISCARDED)
        if message.id in self._told:
            return self._finish(message, end)
        held, now_s = _moderation(message), self._clock()
        status = EXPIRED if held.decided_by == EXPIRY else REFUSED
        told = bounce_mail(message, self._store.content(message), self._own_mail, status=status, now_s=now_s)
        try:
            self._release.send_own(told, message.sender)
        except NotHandedOverError as error:
            if not error.is_permanent and now_s - held.decided_s < _GIVE_UP_WAITING_S:
                return self._put_off(message, str(error), is_permanent=False)
            return replace(self._finish(message, End.DISCARDED), text=str(error))
        self._told.add(message.id)
        return self._finish(message, end)

    def _finish(self, message: KeptMessage, end: End) -> Outcome:
        self._store.delete(message)
        self._served.pop(message.id, None)
        self._told.discard(message.id)
        return Outcome(message=message, end=end)


def _moderation(message: KeptMessage) -> Moderation:
    if message.moderation is None:
        raise SpoolError(f"message {message.id} is not held for moderation")
    return message.moderation
