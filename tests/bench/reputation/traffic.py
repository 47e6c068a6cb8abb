# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of any number of senders, each with all the identities that a message is read by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from postward.model.identity import EVERYBODY, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_ADDRESS = int(IPv4Address("16.0.0.0"))
_STRIDE = 64
"""Four senders in a /24."""
_IN_NETWORK = 4
_IN_DOMAIN = 3
_SYSTEMS = 60_000
IDENTITIES_A_SENDER = 2 + 1 / _IN_NETWORK + 4 / _IN_DOMAIN


@dataclass(frozen=True)
class Senders:
    """So many of them; each has an address, a /24, an autonomous system, domains, and its own name at its domain."""

    count: int

    @cached_property
    def identities(self) -> int:
        """How many identities all of them have, without autonomous systems and everybody."""
        return round(self.count * IDENTITIES_A_SENDER)

    def message(self, number: int) -> tuple[Identity, ...]:
        """Whom a message of one sender is read by."""
        return (EVERYBODY, system(number), network(number), *domains(number), address(number), pair(number))

    def all(self) -> Iterator[Identity]:
        """Everybody, and each identity of each sender once."""
        yield EVERYBODY
        for number in range(self.count):
            yield address(number)
            yield pair(number)
            if number % _IN_NETWORK == 0:
                yield network(number)
            if number % _IN_DOMAIN == 0:
                yield from domains(number)
            if number < _SYSTEMS:
                yield system(number)


def address(number: int) -> Identity:
    """A sender's client address."""
    return Identity(IdentityKind.IP, _address(number))


def pair(number: int) -> Identity:
    """A sender's address and its client."""
    return Identity(IdentityKind.PAIR, f"{local_part(number)}@{_domain(number)}/{_address(number)}")


def network(number: int) -> Identity:
    """A sender's /24."""
    first = _FIRST_ADDRESS + number * _STRIDE & ~0xFF
    return Identity(IdentityKind.NETWORK, str(IPv4Network((first, 24))))


def system(number: int) -> Identity:
    """A sender's autonomous system."""
    return Identity(IdentityKind.ASN, str(1 + number % _SYSTEMS))


def domains(number: int) -> tuple[Identity, ...]:
    """A sender's domain by SPF, DKIM and DMARC, and its organization."""
    name = _domain(number)
    return (
        Identity(IdentityKind.SPF_DOMAIN, f"bounce.{name}"),
        Identity(IdentityKind.DKIM_DOMAIN, name),
        Identity(IdentityKind.AUTHOR_DOMAIN, name),
        Identity(IdentityKind.ORGANIZATION, name),
    )


def login(number: int) -> Identity:
    """One of our own users."""
    return Identity(IdentityKind.LOGIN, f"{local_part(number)}@{_domain(number)}")


def local_part(number: int) -> str:
    """A name as people have them, with a number that tells them apart."""
    first = ("anna", "jan", "maximilian", "li", "office", "newsletter", "sarah", "mohammed")[number % 8]
    return f"{first}.{number:x}"


def _domain(number: int) -> str:
    word = ("acme", "blumenladen", "northwind", "kontor")[number // _IN_DOMAIN % 4]
    return f"{word}-{number // _IN_DOMAIN:x}.example"


def _address(number: int) -> str:
    return str(IPv4Address(_FIRST_ADDRESS + number * _STRIDE + 9))
