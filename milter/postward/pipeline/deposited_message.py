# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written beside a message that is kept, and in a notice about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.origin import Direction
from postward.model.sender_rights import Permission
from postward.spool.kept_message import KeptMessage
from postward.spool.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from postward.model.action import Plan
    from postward.model.rule_outcome import Deposit
    from postward.model.transaction import Transaction
    from postward.spool.kept_message import Moderation

_MAX_SUBJECT_OCTETS = 1_000
_MAX_REASON_CHARS = 500
_MAX_TOLD_RECIPIENTS = 20


def deposited_message(  # noqa: PLR0917 - one argument for each thing that it is made of
    transaction: Transaction,
    plan: Plan,
    deposit: Deposit,
    digest: str,
    reason: str,
    moderation: Moderation | None = None,
) -> KeptMessage:
    """Describe the message; ``digest`` is that of the rules in force."""
    sender = transaction.sender
    client = transaction.origin.client
    return KeptMessage(
        kind=str(deposit.kind),
        transaction_id=transaction.id,
        queue_id=transaction.queue_id,
        rule=deposit.rule,
        rules_digest=digest,
        reason=reason[:_MAX_REASON_CHARS] or f"rule {deposit.rule}",
        sender=sender.address.text,
        return_path=sender.address.text if plan.new_sender is None else plan.new_sender,
        recipients=deposit.recipients,
        smtputf8=sender.smtputf8,
        client="" if client is None else str(client),
        user=transaction.authentication.user,
        direction=str(transaction.origin.direction),
        is_own_sender=is_own_sender(transaction),
        subject=_subject(transaction),
        time_s=transaction.started_s,
        moderation=moderation,
    )


def is_own_sender(transaction: Transaction) -> bool:
    """Whether the envelope sender is one of ours and has proved it: nobody else is ever told anything.

    Without a directory that says who may use an address, a login is taken as the proof.
    """
    if transaction.origin.direction is not Direction.OUTBOUND or transaction.sender.address.is_null:
        return False
    rights = transaction.facts.sender_rights
    permission = Permission.NOT_JUDGED if rights is None else rights.envelope
    if permission is Permission.NOT_JUDGED:
        return bool(transaction.authentication.user)
    return permission is Permission.ALLOWED


def notice_of(message: KeptMessage, kind: NoticeKind, to: str, template: str = "") -> Notice:
    """Say what one address is to be told of a message."""
    held = message.moderation
    return Notice(
        kind=kind,
        to=to,
        rule=message.rule,
        template=template,
        reason=message.reason,
        message_id=message.id,
        queue_id=message.queue_id,
        sender=message.sender,
        recipients=message.recipients[:_MAX_TOLD_RECIPIENTS],
        subject=message.subject,
        direction=message.direction,
        client=message.client,
        time_s=message.time_s,
        expires_s=held.expires_s if held else 0.0,
        on_expire=str(held.on_expire) if held else "",
    )


def _subject(transaction: Transaction) -> str:
    field = transaction.headers.first(b"subject")
    value = b"" if field is None else field.value.replace(b"\r\n", b"").strip()
    return value[:_MAX_SUBJECT_OCTETS].decode("utf-8", "surrogateescape")
