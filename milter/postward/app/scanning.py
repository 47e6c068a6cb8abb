# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge one stored message with the very pipeline that the milter uses, without any side effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.actions.delivery import delivered_message
from postward.mime.stored_message import take_message
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.ip_address import plain_address
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.app.compose import ScanParts
    from postward.dns.resolver import Lookup
    from postward.model.action import Reply
    from postward.model.ip_address import IpAddress
    from postward.model.rule_outcome import RuleMatch
    from postward.pipeline.evaluation import Pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """The session in which the message is supposed to have come."""

    address: IpAddress | None = None
    helo: str = ""
    mail_from: str = ""
    recipients: tuple[str, ...] = ()
    auth_user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A stored message, judged."""

    transaction: Transaction
    """All that was found and planned; its recipients are those that are not refused, unless all are."""
    refused: Mapping[str, Reply]
    """Recipients that are refused while the envelope comes in."""
    recipient_matches: tuple[RuleMatch, ...] = ()
    """Rules that matched while it did."""


def scan_stored(content: bytes, request: ScanRequest, parts: ScanParts, *, now_s: float) -> Scanned:
    """Answer the recipients, then run the pipeline on the message for those who are left."""
    transaction = _transaction(request, now_s)
    given = [Recipient(address=EnvelopeAddress(bare_path(address))) for address in request.recipients]
    refused: dict[str, Reply] = {}
    for recipient in given:
        reply = parts.desk.judge(transaction, recipient) if parts.desk is not None else None
        if reply is None:
            transaction.recipients.append(recipient)
        else:
            refused[recipient.address.text] = reply
    if not transaction.recipients:
        # Nothing of the message would have come; what becomes of it otherwise is worth telling all the same.
        transaction.recipients.extend(given)
    take_message(transaction, content)
    parts.pipeline.evaluate(transaction, parts.lookup, _origin(request))
    return Scanned(transaction=transaction, refused=refused, recipient_matches=tuple(parts.recipient_matches))


def scan_message(
    content: bytes, request: ScanRequest, pipeline: Pipeline, lookup: Lookup, *, now_s: float
) -> Transaction:
    """Run the pipeline on a stored message all of whose recipients were taken."""
    transaction = _transaction(request, now_s)
    transaction.recipients.extend(
        Recipient(address=EnvelopeAddress(bare_path(address))) for address in request.recipients
    )
    take_message(transaction, content)
    pipeline.evaluate(transaction, lookup, _origin(request))
    return transaction


def _transaction(request: ScanRequest, now_s: float) -> Transaction:
    transaction = Transaction("scan", started_s=now_s)
    transaction.connection = Connection(address=request.address)
    transaction.helo = request.helo
    transaction.authentication = Authentication(user=request.auth_user)
    transaction.sender = Sender(
        address=EnvelopeAddress(bare_path(request.mail_from)), arguments=("SMTPUTF8",) if _needs_utf8(request) else ()
    )
    return transaction


def _needs_utf8(request: ScanRequest) -> bool:
    """RFC 6531 section 3.4: such an envelope comes only by SMTPUTF8; what else does, a file does not tell."""
    return not all(path.isascii() for path in (request.mail_from, *request.recipients))


def bare_path(path: str) -> str:
    """Take the angle brackets off an envelope path; ``<>`` is the null path."""
    return path[1:-1] if path.startswith("<") and path.endswith(">") else path


def scanned_message(transaction: Transaction) -> bytes:
    """Give the message as the MTA would deliver it."""
    if transaction.plan is None:
        return b""
    return delivered_message(transaction, transaction.plan)


def _origin(request: ScanRequest) -> Origin | None:
    """Without an address the message is judged as one from outside, as far as that goes."""
    if request.address is not None and not plain_address(request.address).is_unspecified:
        return None
    if request.auth_user:
        return None
    return Origin(direction=Direction.INBOUND, reason="no client address was given", client=None, helo=request.helo)
