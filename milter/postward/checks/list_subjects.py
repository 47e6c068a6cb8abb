# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses and domains of a message that DNS lists are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.checks.received import recorded_client
from postward.dns_lists.subject import address_subject, domain_subject
from postward.dns_lists.zone import Subject
from postward.mime.links.link import LinkSource
from postward.model.dkim import DkimStatus
from postward.model.domain_above import domain_above
from postward.model.ip_address import is_within, plain_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from postward.dns_lists.subject import ListSubject
    from postward.mime.links.link import Link
    from postward.model.ip_address import IpAddress, IpNetwork
    from postward.model.transaction import Transaction

_MAX_HOPS = 20
_MAX_RECEIVED = 5
_MAX_SIGNERS = 5
_SCHEMES = frozenset({"http", "https", "ftp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSettings:
    """What is asked about, and what is not."""

    received: bool = False
    """Addresses in Received fields too."""
    believed: tuple[IpNetwork, ...] = ()
    """Who writes Received fields that are believed: trusted relays, and forwarders beside them."""
    exempt_networks: tuple[IpNetwork, ...] = ()
    exempt_domains: frozenset[str] = frozenset()
    """With all below them."""
    link_domains: int = 20
    """Of one message."""


def addresses_of(
    transaction: Transaction, settings: SubjectSettings, asks_for: Callable[[Subject], bool]
) -> Iterator[ListSubject]:
    """Give the client, and the addresses behind it that those have recorded who are believed."""
    origin = transaction.origin
    client = origin.client
    if client is not None and not is_within(client, settings.exempt_networks):
        # A relay may have taken the message from one who has logged in there: policies are about neither.
        subject = address_subject(Subject.CLIENT, client, is_connecting=origin.relayed_by is None)
        if subject is not None:
            yield subject
    if settings.received and asks_for(Subject.RECEIVED):
        for address in _recorded(transaction, settings):
            subject = address_subject(Subject.RECEIVED, address)
            if subject is not None:
                yield subject


def _recorded(transaction: Transaction, settings: SubjectSettings) -> list[IpAddress]:
    """Go up the way of the message as long as each word about the one before is believed."""
    connection = transaction.known_connection
    at = plain_address(connection.address) if connection is not None and connection.address else None
    found: dict[IpAddress, None] = {}
    for field in transaction.headers.all(b"received")[:_MAX_HOPS]:
        if not is_within(at, settings.believed) or len(found) >= _MAX_RECEIVED:
            break
        recorded = recorded_client(field.value)
        if recorded is None:
            break
        at = plain_address(recorded.address)
        if at != transaction.origin.client and not is_within(at, settings.believed + settings.exempt_networks):
            found[at] = None
    return list(found)


def domains_of(
    transaction: Transaction,
    links: Sequence[Link],
    settings: SubjectSettings,
    registered_domain: Callable[[str], str],
) -> Iterator[ListSubject]:
    """Give the domains of HELO, sender, good signatures and links, each once of its kind."""
    for kind, hosts, most in (
        (Subject.HELO, (transaction.origin.helo,), 1),
        (Subject.SENDER, (transaction.sender.address.domain,), 1),
        (Subject.DKIM, _signers(transaction), _MAX_SIGNERS),
        (Subject.URL, _hosts(links), settings.link_domains),
    ):
        yield from _of_kind(kind, hosts, most, settings.exempt_domains, registered_domain)


def _of_kind(
    kind: Subject, hosts: Iterable[str], most: int, exempt: frozenset[str], registered_domain: Callable[[str], str]
) -> Iterable[ListSubject]:
    found: dict[str, ListSubject] = {}
    for host in hosts:
        subject = domain_subject(kind, host, registered_domain)
        if subject is not None and not domain_above(subject.label, exempt):
            found.setdefault(subject.registered, subject)
    every = list(found.values())
    if len(every) <= most:
        return every
    # So many harmless ones before or behind it do not hide one of spam.
    return every[: (most + 1) // 2] + every[len(every) - most // 2 :]


def _signers(transaction: Transaction) -> Iterator[str]:
    for result in transaction.facts.dkim or ():
        if result.status is DkimStatus.PASS:
            yield result.domain


def _hosts(links: Sequence[Link]) -> Iterator[str]:
    """What a reader may click comes first."""
    for is_resource in (False, True):
        for link in links:
            if link.host and link.scheme in _SCHEMES and (link.source is LinkSource.RESOURCE) is is_resource:
                yield link.host
