# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide where a message comes from: outside, our own users, or back from a content filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.checks.received import recorded_client
from postward.model.ip_address import is_within, plain_address
from postward.model.origin import Direction, Origin

if TYPE_CHECKING:
    from postward.checks.pass_mark import PassMark
    from postward.model.ip_address import IpAddress, IpNetwork
    from postward.model.transaction import Transaction

_MAX_RELAY_HOPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginSettings:
    """Who counts as our own, and whose word about others is believed."""

    local_networks: tuple[IpNetwork, ...] = ()
    authenticated_is_outbound: bool = True
    outbound_daemon_names: frozenset[str] = frozenset({"ORIGINATING"})
    trusted_relays: tuple[IpNetwork, ...] = ()


def find_origin(transaction: Transaction, settings: OriginSettings, mark: PassMark | None) -> Origin:
    """Decide the direction, and the client that the address checks are about.

    Loopback alone makes no origin: what a content filter returns from 127.0.0.1 came from outside.
    """
    connection = transaction.connection
    client = plain_address(connection.address) if connection.address else None
    own = _own_reason(transaction, settings)
    if own:
        return _origin(transaction, Direction.OUTBOUND, own, client)
    if client is None or client.is_loopback:
        if mark is not None and mark.vouches_for(transaction.headers):
            return _origin(transaction, Direction.REINJECTED, "bears our mark and comes from this host", client)
        if client is None or not is_within(client, settings.local_networks + settings.trusted_relays):
            return _origin(transaction, Direction.LOOPBACK, "comes from this host, unauthenticated", None)
    # A relay that stands in one of our networks brings mail of others, which is to be judged.
    if is_within(client, settings.trusted_relays):
        return _relayed(transaction, settings, client)
    if is_within(client, settings.local_networks):
        return _origin(transaction, Direction.OUTBOUND, "client is in local_networks", client)
    return _origin(transaction, Direction.INBOUND, "client is outside", client)


def envelope_origin(transaction: Transaction, settings: OriginSettings) -> Origin | None:
    """Decide the direction from what is known before the message; None where that takes its header.

    Whoever stands behind a trusted relay is not known yet.
    """
    connection = transaction.known_connection
    client = plain_address(connection.address) if connection is not None and connection.address else None
    own = _own_reason(transaction, settings) if connection is not None else ""
    if own:
        return _origin(transaction, Direction.OUTBOUND, own, client)
    if client is None or client.is_loopback:
        return None
    if is_within(client, settings.trusted_relays):
        return _origin(transaction, Direction.INBOUND, "delivered by a trusted relay", None)
    if is_within(client, settings.local_networks):
        return _origin(transaction, Direction.OUTBOUND, "client is in local_networks", client)
    return _origin(transaction, Direction.INBOUND, "client is outside", client)


def _own_reason(transaction: Transaction, settings: OriginSettings) -> str:
    if transaction.authentication.user and settings.authenticated_is_outbound:
        return "client has authenticated itself"
    if transaction.connection.daemon_name in settings.outbound_daemon_names:
        return "service is marked as originating"
    return ""


def _origin(transaction: Transaction, direction: Direction, reason: str, client: IpAddress | None) -> Origin:
    return Origin(
        direction=direction,
        reason=reason,
        client=client,
        helo=transaction.helo,
        client_name=transaction.connection.name,
    )


def _relayed(transaction: Transaction, settings: OriginSettings, relay: IpAddress) -> Origin:
    """Judge the client recorded in the first Received field outside the trusted set; fields below prove nothing."""
    for field in transaction.headers.all(b"received")[:_MAX_RELAY_HOPS]:
        recorded = recorded_client(field.value)
        if recorded is None:
            break
        address = plain_address(recorded.address)
        if is_within(address, settings.trusted_relays):
            continue
        return Origin(
            direction=Direction.INBOUND,
            reason="delivered by a trusted relay",
            client=address,
            helo=recorded.helo,
            relayed_by=relay,
        )
    return Origin(
        direction=Direction.INBOUND,
        reason="delivered by a trusted relay that does not say for whom",
        client=None,
        helo="",
        relayed_by=relay,
    )
