# SPDX-License-Identifier: GPL-3.0-or-later
"""A message for rules alone, from a file and what somebody says of its session: nothing is checked, nobody asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.actions.own_fields import forged_fields
from postward.app.replay.recorded_session import author_of, recorded_session
from postward.checks.origin import find_origin
from postward.mime.stored_message import take_message
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.ip_address import plain_address
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction
from postward.rules.given_results import given_results
from postward.rules.message.builder import message_of
from postward.rules.testing import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.origin import OriginSettings
    from postward.model.ip_address import IpAddress
    from postward.rules.message.builder import InspectionSettings
    from postward.rules.message.message import Message
    from postward.rules.message.reputation_view import ReputationView
    from postward.rules.services import RuleDirectory

_DELIVERY_FIELDS = (b"return-path", b"delivered-to", b"x-original-to", b"envelope-to")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRequest:
    """The session in which a message is supposed to have come, and what is supposed to have been found."""

    address: IpAddress | None = None
    helo: str = ""
    user: str = ""
    mail_from: str | None = None
    """None: the first author stands for the envelope sender; "" is the null path of a bounce."""
    recipients: tuple[str, ...] = ()
    auth: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Results by their names in ``rules.given_results``."""
    reputation: ReputationView | None = None
    """None: the store does not answer."""
    score: float = 0.0
    tags: frozenset[str] = frozenset()
    now_s: float = 0.0


class RuleMessages:
    """Makes messages as the milter would see them with this configuration."""

    def __init__(
        self,
        directory: RuleDirectory,
        origin: OriginSettings,
        inspection: InspectionSettings,
        *,
        authserv_id: str,
    ) -> None:
        self._directory = directory
        self._origin = origin
        self._inspection = inspection
        self._authserv_id = authserv_id

    def from_request(self, content: bytes, request: RuleRequest) -> Message:
        """Give the message; raises RuleFailure for a result that there is not."""
        transaction = _transaction(request)
        take_message(transaction, content)
        if request.mail_from is None:
            transaction.sender = Sender(address=EnvelopeAddress(author_of(transaction.headers) or NOBODY))
        hidden = {removal.position for removal in forged_fields(transaction.headers, self._authserv_id)}
        return self._message(transaction, request, frozenset(hidden))

    def from_delivered(self, content: bytes, *, now_s: float) -> Message:
        """Give a message that was delivered, with what its own header still tells of its session."""
        reading = Transaction("stored", started_s=now_s)
        take_message(reading, content)
        headers = reading.headers
        session = recorded_session(headers, self._authserv_id)
        request = RuleRequest(
            address=session.address,
            helo=session.helo,
            user=session.user,
            mail_from=session.mail_from,
            recipients=session.recipients,
            auth=session.auth,
            score=session.score,
            now_s=now_s,
        )
        transaction = _transaction(request)
        transaction.fields, transaction.body = reading.fields, reading.body
        hidden = {removal.position for removal in forged_fields(headers, self._authserv_id)}
        hidden.update(headers.indexes(name)[0] for name in _DELIVERY_FIELDS if headers.indexes(name))
        return self._message(transaction, request, frozenset(hidden))

    def _message(self, transaction: Transaction, request: RuleRequest, hidden: frozenset[int]) -> Message:
        transaction.origin = self._origin_of(transaction)
        message = message_of(
            transaction, self._directory, now_s=request.now_s, settings=self._inspection, hidden=hidden
        )
        return replace(
            message,
            auth=given_results(request.auth),
            reputation=request.reputation,
            score=request.score,
            tags=request.tags,
        )

    def _origin_of(self, transaction: Transaction) -> Origin:
        """Without an address the message is one from outside, unless somebody has logged in."""
        address = transaction.connection.address
        if address is None or plain_address(address).is_unspecified:
            is_own = bool(transaction.authentication.user) and self._origin.authenticated_is_outbound
            direction = Direction.OUTBOUND if is_own else Direction.INBOUND
            return Origin(direction=direction, reason="no client address is known", client=None, helo=transaction.helo)
        return find_origin(transaction, self._origin, None)


def _transaction(request: RuleRequest) -> Transaction:
    transaction = Transaction("stored", started_s=request.now_s)
    transaction.connection = Connection(address=request.address)
    transaction.helo = request.helo
    transaction.authentication = Authentication(user=request.user)
    transaction.sender = Sender(address=EnvelopeAddress(request.mail_from or ""))
    transaction.recipients.extend(Recipient(address=EnvelopeAddress(address)) for address in request.recipients)
    return transaction
