# SPDX-License-Identifier: GPL-3.0-or-later
"""One session with the MTA: what it says becomes messages, what is decided about them becomes its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import milter
from postward.actions.route_field import is_routed
from postward.model.action import Plan
from postward.model.connection import NOT_AUTHENTICATED
from postward.model.envelope import Recipient, Sender
from postward.model.transaction import Transaction
from postward.mta.answer import Answer, PlanRefusedError, give_reply
from postward.mta.apply import apply_plan
from postward.mta.engine import Outcome
from postward.mta.intake import Intake
from postward.mta.judging import TRY_AGAIN, shed
from postward.mta.negotiation import MACROS, agree
from postward.mta.recording import (
    authentication_of,
    client_told,
    connection_of,
    connection_told,
    macro,
    path_of,
    text,
)

if TYPE_CHECKING:
    from milter import Context
    from postward.model.connection import Connection
    from postward.mta.judging import Judgement
    from postward.mta.service import Service


class Session:
    """State of one session; its methods are called by one libmilter thread at a time."""

    __slots__ = (
        "_client_told", "_connection", "_helo", "_is_counted", "_is_unannounced", "_message", "_service", "negotiated",
    )  # fmt: skip

    def __init__(self, service: Service) -> None:
        self._service = service
        # Where the MTA goes on with another client after QUIT_NC, nothing is negotiated again.
        self.negotiated = service.agreements.common
        self._connection: Connection | None = None
        self._client_told = ""
        self._is_unannounced = False
        self._helo = ""
        self._message = Intake(service)
        self._is_counted = True
        service.census.opened()

    def negotiate(self, ctx: Context, options: list[int]) -> int:
        """Agree with the MTA; ``options`` holds what it offers, and then what we take."""
        engine = self._service.engine
        self.negotiated = agree(
            options[0],
            options[1],
            answers_senders=self._service.gate.may_refuse,
            answers_recipients=engine.answers_recipients or self._service.gate.may_refuse,
            changes_envelope=engine.changes_envelope,
            changes_body=engine.changes_body,
        )
        self._service.agreements.add(self.negotiated)
        if self.negotiated.may_choose_macros:
            for stage, names in MACROS.items():
                ctx.setsymlist(stage, names)
        options[:] = [self.negotiated.actions, self.negotiated.steps, 0, 0]
        return milter.CONTINUE

    def connect(self, ctx: Context, name: str, family: int, address: object) -> None:
        """Record the client; XCLIENT makes the MTA open a new session with the new address."""
        self._connection = connection_of(ctx, name, family, address)
        self._client_told = client_told(ctx)
        self._begin()

    def _meet(self, ctx: Context) -> None:
        """Begin anew where the MTA speaks of a client that it did not announce, as far as we could hear.

        libmilter passes over QUIT_NC and the CONNECT behind it, in silence, unless the message before was accepted
        or given up, and pymilter over a CONNECT whose host name is not UTF-8; the macros of the client come through.
        """
        told = client_told(ctx)
        is_known = self._connection is not None and self._client_told in {"", told}
        if not told or is_known:
            return
        self._forget()
        self._helo = ""
        self._client_told = told
        self._connection = connection_told(ctx)
        self._is_unannounced = True

    def helo(self, ctx: Context, name: str) -> None:
        """Record the greeting, which may come again (STARTTLS)."""
        self._meet(ctx)
        # libmilter forgets the macros of the sender here, so that none of another client can be left.
        self._is_unannounced = False
        self._take_greeting(name)

    def _take_greeting(self, name: str) -> None:
        self._helo = name
        transaction = self._current().transaction
        transaction.helo = name
        self._service.engine.helo_given(transaction)

    def mail(self, ctx: Context, path: bytes, *arguments: bytes) -> int | None:
        """Begin a message, unless there is too much work for it: then return libmilter's code for that."""
        self._meet(ctx)
        transaction = self._current().transaction
        # Without a greeting in between, the macros may still be those of the client before.
        transaction.authentication = NOT_AUTHENTICATED if self._is_unannounced else authentication_of(ctx)
        transaction.sender = Sender(address=path_of(path), arguments=tuple(map(text, arguments)))
        reply = self._service.gate.sender(transaction)
        if reply is not None:
            self._forget()
            return give_reply(reply, ctx).code
        self._service.engine.sender_given(transaction)
        return None

    def rcpt(self, ctx: Context, path: bytes, *arguments: bytes) -> int | None:
        """Record a recipient that the MTA accepted, unless it is refused: then return libmilter's code for that."""
        message = self._current()
        recipient = Recipient(address=path_of(path), arguments=tuple(map(text, arguments)))
        service, transaction = self._service, message.transaction
        reply = service.gate.recipient(transaction, recipient) or service.reception.reply_to(transaction, recipient)
        if reply is not None:
            return give_reply(reply, ctx).code
        message.add_recipient(recipient)
        return None

    def header(self, _ctx: Context, name: str, value: bytes) -> None:
        """Record a header field."""
        raw_name = name.encode("utf-8", "surrogateescape")
        self._current().add_field(raw_name, value, keeps_leading_space=self.negotiated.keeps_leading_space)

    def body(self, _ctx: Context, chunk: bytes) -> None:
        """Record a piece of the body."""
        self._current().add_to_body(chunk)

    def end(self, ctx: Context) -> int:
        """Have the message judged, carry out what was decided, and return libmilter's code for it."""
        message = self._current()
        message.transaction.queue_id = macro(ctx, "i")
        self._service.census.began(id(self))
        judgement = self._judgement(message, ctx)
        answer = self._answer(judgement, ctx)
        outcome = judgement.outcome if answer.reply else Outcome.ABORTED
        self._finish(judgement.transaction, outcome, answer.reply)
        return answer.code

    def _judgement(self, message: Intake, ctx: Context) -> Judgement:
        judge = self._service.judge
        if message.problem:
            return judge.fall_back(message.transaction, message.problem, Outcome.FAILED)
        reply = self._service.gate.message(message.transaction)
        return judge.judge(message.transaction, ctx) if reply is None else shed(message.transaction, reply)

    def _answer(self, judgement: Judgement, ctx: Context) -> Answer:
        try:
            return apply_plan(judgement.plan, ctx, self.negotiated, judgement.transaction.body)
        except PlanRefusedError as error:
            self._message.note("plan.refused", error)
            return self._answer_otherwise(judgement, ctx)
        except milter.error as error:
            # The MTA has gone in the middle of the answer, and will ask somebody again.
            self._message.note("answer.lost", error)
            return Answer(code=milter.TEMPFAIL, reply="")

    def _answer_otherwise(self, judgement: Judgement, ctx: Context) -> Answer:
        try:
            return apply_plan(self._substitute(judgement), ctx, self.negotiated)
        except PlanRefusedError:
            return apply_plan(self._service.judge.bare_plan(), ctx, self.negotiated)

    def _substitute(self, judgement: Judgement) -> Plan:
        """What is done in place of a plan that cannot be carried out: fields in our name do not pass with it."""
        refused = judgement.plan
        # With the body that came, a part that was taken out of it would be back; to the recipients that came, or the
        # usual way, a message would go that is kept from them, or from those who listen there.
        is_rerouted = (
            refused.dropped_recipients or refused.new_recipients or refused.silent_recipients or is_routed(refused)
        )
        if refused.new_body is not None or is_rerouted or refused.hold is not None:
            return Plan(reply=TRY_AGAIN)
        judge = self._service.judge
        return judge.fall_back(judgement.transaction, "the plan cannot be carried out", Outcome.FAILED).plan

    def abort(self, _ctx: Context) -> None:
        """Forget the message; connection and greeting stay."""
        self._give_message_up()

    def _give_message_up(self) -> None:
        if self._message.has_recipients:
            self._finish(self._message.transaction, Outcome.ABORTED, "")
        self._forget()

    def close(self) -> None:
        """Be counted out, once."""
        if self._is_counted:
            self._is_counted = False
            # Where the MTA breaks off in the middle of a message, libmilter may call nothing else.
            self._give_message_up()
            self._service.census.ended(id(self))
            self._service.census.closed()

    def undecodable(self, raw: bytes) -> None:
        """Take bytes that pymilter could not decode, in place of the callback that was to get them.

        Before a sender it is the greeting, afterwards the name of a header field, whose value is lost: no
        field with such a name can be signed or mean anything (RFC 5322 section 2.2), but it must be counted.
        """
        if self._message.has_recipients:
            self._message.add_field(raw, b"", keeps_leading_space=self.negotiated.keeps_leading_space)
        elif self._connection is not None:
            self._take_greeting(text(raw))
        else:
            self._message.give_up("the client's name cannot be read")

    def failed(self, error: Exception) -> None:
        """Remember that a callback raised: the message gets the failure action at its end."""
        self._message.fail(error)

    def emergency(self, ctx: Context) -> int:
        """Answer where even ``end`` raised; may raise only milter.error."""
        answer = apply_plan(self._service.judge.bare_plan(), ctx, self.negotiated)
        self._finish(self._current().transaction, Outcome.FAILED, answer.reply)
        return answer.code

    def _current(self) -> Intake:
        """Return the message that comes in, begun now if the last one is over."""
        if not self._message.has_begun:
            transaction = self._begin()
            transaction.helo = self._helo
            self._service.engine.helo_given(transaction)
        return self._message

    def _begin(self) -> Transaction:
        service = self._service
        transaction = Transaction(service.new_id(), started_s=service.clock(), body=service.new_body())
        if self._connection is not None:
            transaction.connection = self._connection
            service.gate.client_known(transaction)
            service.engine.connected(transaction)
        self._message.begin(transaction)
        return transaction

    def _finish(self, transaction: Transaction, outcome: Outcome, reply: str) -> None:
        self._service.census.ended(id(self))
        # Made first: where memory runs out, a message must not be told of twice.
        following = Intake(self._service)
        # What is done afterwards needs the size only, and may have to wait.
        transaction.body = transaction.body.without_content()
        self._service.afterwards.add(transaction, outcome, reply)
        self._message = following

    def _forget(self) -> None:
        self._message = Intake(self._service)
