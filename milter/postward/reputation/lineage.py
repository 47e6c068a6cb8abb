# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands above an identity: its network, its organization, and in the end everybody."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Protocol

from postward.model.identity import EVERYBODY, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.ip_address import IpAddress

DOMAIN_KINDS = (
    IdentityKind.AUTHOR_DOMAIN,
    IdentityKind.DKIM_DOMAIN,
    IdentityKind.SPF_DOMAIN,
    IdentityKind.HELO,
)
"""Domains of those who send, from whom a message is to what only carries it."""
_HALF, _SITE = 64, 48
"""Bits of an IPv6 network, and of what its holder was given: he has 65,536 networks to come from."""
_REMEMBERED, _LONGEST_REMEMBERED = 4_096, 400
Chain = tuple[Identity, ...]


class AutonomousSystems(Protocol):
    """See ``reputation.asn_table``."""

    def find(self, address: IpAddress) -> int | None:
        """Give the number of the autonomous system that an address is in."""
        ...


class Lineage:
    """Safe from every thread; remembers some chains, for those who write much come again and again."""

    def __init__(self, registered: Callable[[str], str], systems: AutonomousSystems | None = None) -> None:
        """``registered`` gives the registered domain of a name, "" for none; without ``systems`` theirs is missing."""
        self._registered = registered
        self._systems = systems
        self._chains = lru_cache(_REMEMBERED)(self._worked_out)

    def chain(self, identity: Identity) -> Chain:
        """Give all from everybody down to the identity itself.

        A pair of a sender and an address stands here below the sender's domain; see ``chains``.
        """
        return self.chains(identity)[0]

    def chains(self, identity: Identity) -> tuple[Chain, ...]:
        """Give all chains that lead to an identity: one, but for a pair, which has a domain and an address above it."""
        return self._chains(identity) if len(identity.name) <= _LONGEST_REMEMBERED else self._worked_out(identity)

    def parents(self, identity: Identity) -> Chain:
        """Give those directly above an identity: one, but for a pair; none for everybody."""
        if identity.kind is IdentityKind.PAIR:
            return _above_pair(identity.name)
        return self.chain(identity)[-2:-1]

    def organization(self, domain: str) -> Identity | None:
        """Give the organization that a domain belongs to; None for one under which others register theirs."""
        name = self._registered(domain)
        return Identity(IdentityKind.ORGANIZATION, name) if name else None

    def _worked_out(self, identity: Identity) -> tuple[Chain, ...]:
        if identity.kind is IdentityKind.ALL:
            return ((EVERYBODY,),)
        if identity.kind is not IdentityKind.PAIR:
            return ((EVERYBODY, *self._between(identity), identity),)
        return tuple((*self.chain(one), identity) for one in _above_pair(identity.name))

    def _between(self, identity: Identity) -> Chain:
        kind, name = identity.kind, identity.name
        if kind in DOMAIN_KINDS:
            organization = self.organization(name)
            return () if organization is None else (organization,)
        if kind is IdentityKind.LOGIN:
            tenant = name.rpartition("@")[2] if "@" in name else ""
            return (Identity(IdentityKind.TENANT, tenant),) if tenant else ()
        if kind in {IdentityKind.IP, IdentityKind.NETWORK}:
            return self._of_address(identity)
        return ()

    def _of_address(self, identity: Identity) -> Chain:
        """Empty for a name that is no address, which somebody may have typed."""
        try:
            address = ip_address(identity.name.partition("/")[0])
        except ValueError:
            return ()
        around = self._around(address, str(address))
        if identity.kind is IdentityKind.IP:
            return around
        return around[: around.index(identity)] if identity in around else around[:-1]

    def _around(self, address: IpAddress, name: str) -> Chain:
        networks = tuple(Identity(IdentityKind.NETWORK, each) for each in _network_names(address, name))
        system = self._systems.find(address) if self._systems is not None else None
        return networks if system is None else (Identity(IdentityKind.ASN, str(system)), *networks)


def _above_pair(name: str) -> Chain:
    address, _, client = name.rpartition("/")
    domain = address.rpartition("@")[2]
    return (
        Identity(IdentityKind.AUTHOR_DOMAIN, domain),
        Identity(IdentityKind.SPF_DOMAIN, domain),
        Identity(IdentityKind.IP, client),
    )


def _network_names(address: IpAddress, name: str) -> tuple[str, ...]:
    """Give the /24, or the /48 and the /64; by hand, for the library takes as long as for all else of a message."""
    if isinstance(address, IPv6Address):
        number = int(address)
        return tuple(f"{IPv6Address(number >> 128 - bits << 128 - bits)}/{bits}" for bits in (_SITE, _HALF))
    return (f"{name.rpartition('.')[0]}.0/24",)
