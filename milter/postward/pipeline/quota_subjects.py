# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose limits a message counts against."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING

from postward.directory.address import domain_key, login_key
from postward.model.origin import Direction
from postward.model.quota import QuotaSubject
from postward.model.sender_rights import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.ip_address import IpAddress, IpNetwork
    from postward.model.transaction import Transaction

_IPV4_BITS, _IPV6_BITS = 24, 64
_MAX_NAME = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One of those that a message counts for."""

    subject: QuotaSubject
    name: str
    """In the one form that it is counted and configured by; may be text from outside."""
    recipients: int
    network: IpNetwork | None = None
    """Of a client, or its network."""
    group: str = ""
    """``@`` and the tenant of a login: what stands for all of its logins in the configuration."""


def sendings_of(transaction: Transaction) -> tuple[Sending, ...]:
    """Say whom a message counts for; nobody where it came from this host, or has come back.

    Before the check of the sender its tenant is taken to be the domain of the login.
    """
    direction = transaction.origin.direction
    if direction is Direction.OUTBOUND:
        return (*_of_own(transaction), *_of_recipients(transaction))
    if direction is Direction.INBOUND:
        return (*_of_client(transaction), *_of_recipients(transaction))
    return ()


def network_of(client: IpAddress) -> IpNetwork:
    """The /24 or the /64 of an address."""
    bits = _IPV4_BITS if client.version == 4 else _IPV6_BITS  # noqa: PLR2004 - the version of IP
    return ip_network((int(client).to_bytes(client.max_prefixlen // 8), bits), strict=False)


def login_name(login: str) -> str:
    """A login in the form that it is counted by."""
    return login_key(login) or _bounded(login.lower())


def domain_name(domain: str) -> str:
    """A domain in the form that it is counted by."""
    return domain_key(domain) or _bounded(domain.lower())


def _bounded(name: str) -> str:
    """Return a name that nobody can have as it is, or a part of it with a hash of the whole: no two become one."""
    if len(name) <= _MAX_NAME:
        return name
    digest = hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{name[: _MAX_NAME - len(digest) - 1]}#{digest}"


def _of_own(transaction: Transaction) -> Iterator[Sending]:
    login, recipients = transaction.authentication.user, len(transaction.recipients)
    tenant = domain_name(_tenant(transaction))
    if login:
        group = f"@{tenant}" if tenant else ""
        yield Sending(subject=QuotaSubject.LOGIN, name=login_name(login), recipients=recipients, group=group)
    if tenant:
        yield Sending(subject=QuotaSubject.TENANT, name=tenant, recipients=recipients)


def _tenant(transaction: Transaction) -> str:
    rights = transaction.facts.sender_rights
    if rights is not None and rights.tenant:
        return rights.tenant
    _, at, domain = transaction.authentication.user.rpartition("@")
    if at:
        return domain
    # Without a login the address says whose mail it is, where it has been found to be allowed.
    is_allowed = rights is not None and rights.envelope is Permission.ALLOWED
    return transaction.sender.address.domain if is_allowed else ""


def _of_client(transaction: Transaction) -> Iterator[Sending]:
    client, recipients = transaction.origin.client, len(transaction.recipients)
    if client is None:
        return
    network = network_of(client)
    yield Sending(subject=QuotaSubject.CLIENT, name=str(client), recipients=recipients, network=ip_network(client))
    yield Sending(subject=QuotaSubject.NETWORK, name=str(network), recipients=recipients, network=network)


def _of_recipients(transaction: Transaction) -> Iterator[Sending]:
    domains = Counter(domain_name(recipient.address.domain) for recipient in transaction.recipients)
    for domain, recipients in domains.items():
        if domain:
            yield Sending(subject=QuotaSubject.RECIPIENT_DOMAIN, name=domain, recipients=recipients)
