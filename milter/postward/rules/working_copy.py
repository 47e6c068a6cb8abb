# SPDX-License-Identifier: GPL-3.0-or-later
"""The message as the rules so far have made it: later rules see it, and at the end it is compared with what came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.model.body import Body
from postward.model.header import HeaderField, Headers
from postward.model.rule_outcome import DepositKind
from postward.rules.message.content import replaced_content
from postward.rules.message.header_view import HeaderView

if TYPE_CHECKING:
    from postward.model.action import Reply
    from postward.model.envelope import EnvelopeAddress
    from postward.model.rule_outcome import Deposit
    from postward.rules.message.message import Message
    from postward.rules.message.views import RecipientView

_KEEPING = frozenset({DepositKind.QUARANTINE, DepositKind.MODERATE})


@dataclass(slots=True)
class Slot:
    """One header field."""

    field: HeaderField
    position: int | None
    """In the header as it came; None for a new one."""
    is_changed: bool = False


class WorkingCopy:
    """Grows with every action that is taken; belongs to one evaluation."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._for_recipient: dict[str, Message] = {}
        self.came = message
        """As it was before the first rule."""
        self._slots: list[Slot] | None = None
        self.new_body: bytes | None = None
        self.points: dict[str, float] = {}
        self.new_sender: EnvelopeAddress | None = None
        self.dropped: dict[str, str] = {}
        """Recipients that are taken off, each with the kind of action that did it."""
        self.added: dict[str, bool] = {}
        """New recipients; True for those of whose copy nobody is told."""
        self.reply: Reply | None = None
        self.hold_reason = ""
        self.junk = False
        self.bypasses_spam = False
        self.route = ""
        self.deposits: list[Deposit] = []
        self.decided_by = ""

    @property
    def slots(self) -> list[Slot]:
        """The header fields; made when a rule first edits them."""
        if self._slots is None:
            self._slots = [
                Slot(field, position)
                for field, position in zip(self.came.headers.fields, self.came.positions, strict=True)
            ]
        return self._slots

    @slots.setter
    def slots(self, slots: list[Slot]) -> None:
        self._slots = slots

    @property
    def is_header_touched(self) -> bool:
        """Whether any rule has looked at the fields to edit them."""
        return self._slots is not None

    @property
    def message(self) -> Message:
        """As the next rule sees it, with all its recipients."""
        return self._message

    def message_for(self, recipient: RecipientView) -> Message:
        """As the next rule sees it when it looks at one recipient."""
        message = self._for_recipient.get(recipient.address)
        if message is None:
            message = self._for_recipient[recipient.address] = replace(self._message, recipient=recipient)
        return message

    @property
    def remaining(self) -> tuple[RecipientView, ...]:
        """Of the recipients that came, those that still get the message."""
        return tuple(view for view in self.came.recipients if view.address not in self.dropped)

    @property
    def is_for_nobody(self) -> bool:
        """It came for somebody, and all have been taken off."""
        return bool(self.came.recipients) and not self._message.recipients

    @property
    def kept_for(self) -> frozenset[str]:
        """Recipients for whom it is kept, to be let go to them later."""
        keeping = (deposit for deposit in self.deposits if deposit.kind in _KEEPING)
        return frozenset(address for deposit in keeping for address in deposit.recipients)

    @property
    def score(self) -> float:
        """With what the rules have added."""
        return round(self.came.score + sum(self.points.values()), 3)

    def add_points(self, rule: str, points: float) -> None:
        """Change the score in the name of a rule."""
        self.points[rule] = round(self.points.get(rule, 0.0) + points, 3)
        self._change(score=self.score)

    def add_tag(self, name: str) -> None:
        """Mark the message."""
        self._change(tags=self._message.tags | {name})

    def fields_changed(self) -> None:
        """Let later rules see the header as ``slots`` has it now."""
        self._change(headers=HeaderView(Headers(slot.field for slot in self.slots)))

    def change_sender(self, sender: EnvelopeAddress) -> None:
        """Give the envelope another sender."""
        self.new_sender = sender
        self._change(sender=sender)

    def drop(self, recipients: tuple[str, ...], kind: str) -> None:
        """Take recipients off."""
        for address in recipients:
            self.dropped.setdefault(address, kind)
        self._change(recipients=self.remaining)

    def replace_body(self, body: bytes) -> None:
        """Let the message have another body."""
        self.new_body = body
        content = self._message.content
        self._change(content=replaced_content(content, self._message.headers.fields, Body(body)))

    def _change(self, **changes: object) -> None:
        self._message = replace(self._message, **changes)  # type: ignore[arg-type]
        self._for_recipient.clear()
