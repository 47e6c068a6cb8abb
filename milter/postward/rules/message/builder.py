# SPDX-License-Identifier: GPL-3.0-or-later
"""From a Transaction to the Message that rules see."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.errors import DirectoryUnavailable
from postward.model.arc import ArcStatus
from postward.model.dkim import DkimStatus
from postward.model.envelope import EnvelopeAddress
from postward.model.header import Headers
from postward.model.origin import Direction
from postward.rules.message.content import Content
from postward.rules.message.header_view import HeaderView
from postward.rules.message.message import Message
from postward.rules.message.reputation_view import reputation_view
from postward.rules.message.views import AuthView, Client, RecipientView
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.mime.message import MimeMessage
    from postward.model.dkim import DkimResult
    from postward.model.envelope import Recipient
    from postward.model.origin import Origin
    from postward.model.transaction import Facts, Transaction
    from postward.rules.message.views import DirectionWord
    from postward.rules.services import RuleDirectory

_ORIGINS = {
    Direction.INBOUND: "inbound",
    Direction.OUTBOUND: "own",
    Direction.REINJECTED: "local",
    Direction.LOOPBACK: "local",
}
DIRECTIONS = {
    Direction.INBOUND: frozenset({"inbound"}),
    Direction.OUTBOUND: frozenset({"outbound", "internal"}),
    Direction.LOOPBACK: frozenset({"local"}),
    Direction.REINJECTED: frozenset[str](),
}
"""The ways that recipients of a message may go, by where it comes from."""
_UNCONFIRMED_NAME = ("[", "unknown")
_NULL_PATH = EnvelopeAddress("")


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionSettings:
    """How much of a message is looked into."""

    max_inspected_bytes: int = 50_000_000
    """Of a larger body nothing is said but that it is larger."""
    text_bytes: int = 1_048_576
    """Of text that is searched."""


_DEFAULT_SETTINGS = InspectionSettings()


def message_of(
    transaction: Transaction,
    directory: RuleDirectory,
    *,
    now_s: float,
    settings: InspectionSettings = _DEFAULT_SETTINGS,
    hidden: frozenset[int] = frozenset(),
    mime: Callable[[], MimeMessage] | None = None,
) -> Message:
    """Give the whole message, with the score that it has so far.

    ``hidden`` are the positions of header fields that rules do not see: those that claim to be ours.  ``mime`` gives
    the parts where they may have been read already.
    """
    headers = transaction.headers
    positions: Sequence[int] = range(len(headers))
    if hidden:
        positions = tuple(position for position in positions if position not in hidden)
    rights, reputation = transaction.facts.sender_rights, transaction.facts.reputation
    origin = transaction.origin
    return Message(
        id=transaction.id,
        now_s=now_s,
        headers=HeaderView(Headers(headers[position] for position in positions) if hidden else headers),
        positions=positions,
        content=Content(
            headers,
            transaction.body,
            max_inspected_bytes=settings.max_inspected_bytes,
            text_bytes=settings.text_bytes,
            mime=mime,
        ),
        directory=directory,
        origin=_ORIGINS[origin.direction],
        tenant=rights.tenant if rights is not None else "",
        client=client_of(transaction, origin),
        sender=_sender_of(transaction),
        recipients=recipients_of(transaction.recipients, origin, directory),
        auth=auth_of(transaction.facts),
        reputation=reputation_view(reputation) if reputation is not None else None,
        score=transaction.score,
        symbols=MappingProxyType({symbol.name: symbol.score for symbol in transaction.symbols}),
    )


def envelope_of(
    transaction: Transaction, recipient: Recipient, origin: Origin, directory: RuleDirectory, *, now_s: float
) -> Message:
    """Give what is known while a recipient is answered; ``origin`` as far as the envelope tells it."""
    nothing = Headers(())
    view = _recipient(recipient, origin, directory)
    accepted = transaction.recipients
    return Message(
        id=transaction.id,
        now_s=now_s,
        headers=HeaderView(nothing),
        content=Content(nothing, transaction.body, max_inspected_bytes=0, text_bytes=0),
        directory=directory,
        stage=Stage.RCPT,
        origin=_ORIGINS[origin.direction],
        client=client_of(transaction, None),
        sender=_sender_of(transaction),
        recipients=(*recipients_of(accepted[:1], origin, directory), view),
        recipient=view,
    )


def client_of(transaction: Transaction, origin: Origin | None) -> Client:
    """Give the client; ``origin`` None where the judged address is not known yet."""
    connection, login = transaction.known_connection, transaction.authentication
    name = connection.name if connection is not None else ""
    return Client(
        address=connection.address if connection is not None else None,
        origin=origin.client if origin is not None else None,
        name="" if name.startswith(_UNCONFIRMED_NAME) else name.lower().rstrip("."),
        helo=transaction.helo,
        tls_version=login.tls_version,
        user=login.user,
        mechanism=login.mechanism,
        daemon_name=connection.daemon_name if connection is not None else "",
    )


def recipients_of(
    recipients: Sequence[Recipient], origin: Origin, directory: RuleDirectory
) -> tuple[RecipientView, ...]:
    """Give the recipients, each with its direction."""
    return tuple(_recipient(recipient, origin, directory) for recipient in recipients)


def auth_of(facts: Facts) -> AuthView:
    """Give what the checks have found, in words."""
    dmarc, arc = facts.dmarc, facts.arc
    return AuthView(
        spf=facts.spf.status.value if facts.spf else "",
        spf_domain=facts.spf.domain.lower() if facts.spf else "",
        dkim=_dkim_word(facts.dkim),
        dkim_domains=_passing_domains(facts.dkim),
        dmarc=dmarc.status.value if dmarc else "",
        dmarc_policy=(dmarc.policy.value if dmarc and dmarc.policy else ""),
        arc=arc.status.value if arc else "",
        arc_sealer=(arc.sealer or "").lower() if arc and arc.status is ArcStatus.PASS else "",
        arc_override=facts.arc_override.sealer if facts.arc_override else "",
        iprev=facts.iprev.status.value if facts.iprev else "",
    )


def _dkim_word(results: tuple[DkimResult, ...] | None) -> str:
    if results is None:
        return ""
    statuses = [result.status for result in results]
    if DkimStatus.PASS in statuses:
        return DkimStatus.PASS.value
    if DkimStatus.TEMPERROR in statuses:
        return DkimStatus.TEMPERROR.value
    return statuses[0].value if statuses else DkimStatus.NONE.value


def _passing_domains(results: tuple[DkimResult, ...] | None) -> tuple[str, ...]:
    passing = (result.domain.lower() for result in results or () if result.status is DkimStatus.PASS)
    return tuple(dict.fromkeys(passing))


def _sender_of(transaction: Transaction) -> EnvelopeAddress:
    sender = transaction.known_sender
    return sender.address if sender is not None else _NULL_PATH


def _recipient(recipient: Recipient, origin: Origin, directory: RuleDirectory) -> RecipientView:
    return RecipientView(
        address=recipient.address.text, direction=_direction(recipient.address.domain, origin, directory)
    )


def _direction(domain: str, origin: Origin, directory: RuleDirectory) -> DirectionWord:
    if origin.direction is Direction.INBOUND:
        return "inbound"
    if origin.direction is not Direction.OUTBOUND:
        return "local"
    try:
        return "internal" if directory.is_hosted(domain) else "outbound"
    except DirectoryUnavailable:
        return "unknown"
