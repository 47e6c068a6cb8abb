# SPDX-License-Identifier: GPL-3.0-or-later
"""Senders as they are on the Internet: good and bad networks, in which most addresses are alike; mail comes in bursts.

The truth is nested: an autonomous system has a share of bad mail, its networks have theirs around it, and addresses
around that of their network.  So the estimate, which assumes just that, is at its best here: a check that it does what
it is to do, and no promise for the Internet.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from postward.model.identity import EVERYBODY, Identity, IdentityKind

if TYPE_CHECKING:
    from random import Random

_DAY_S = 86_400.0
_FIRST_NETWORK = int(IPv4Address("10.0.0.0"))
_NETWORK_SIZE = 256
_FIRST_ASN = 64_512


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a population is drawn; the defaults give the reference's figures for a flat mean and an EWMA."""

    systems: int = 60
    days: float = 60.0
    kinds: tuple[tuple[float, float], ...] = ((0.72, 0.03), (0.16, 0.35), (0.12, 0.85))
    """Autonomous systems: how many of all, and the share of bad mail in the middle."""
    like_its_kind: float = 12.0
    """How near to that a system is, in messages of a beta distribution."""
    like_its_system: float = 5.0
    like_its_network: float = 6.0
    networks: float = 4.0
    """In a system, on average."""
    addresses: float = 5.0
    """In a network, on average."""
    volume_exponent: float = 0.65
    """Of a Pareto distribution; the smaller, the more of the mail comes from few addresses."""
    most_messages: int = 600
    """Of one address."""
    burst: float = 5.0
    """Messages within minutes, on average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message, as it is in truth."""

    at_s: float
    """Since the beginning."""
    chain: tuple[Identity, ...]
    """From everybody down to the address."""
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address."""

    chain: tuple[Identity, ...]
    bad_share: float


def sources(rng: Random, shape: Shape) -> list[Source]:
    """Draw all addresses."""
    found: list[Source] = []
    network_number = 0
    for number in range(shape.systems):
        system = Identity(IdentityKind.ASN, str(_FIRST_ASN + number))
        in_system = _near(rng, _kind(rng, shape), shape.like_its_kind)
        for _ in range(_count(rng, shape.networks)):
            in_network = _near(rng, in_system, shape.like_its_system)
            above = (EVERYBODY, system, network_identity(network_number))
            for host in range(_count(rng, shape.addresses)):
                share = _near(rng, in_network, shape.like_its_network)
                found.append(Source(chain=(*above, address_identity(network_number, host)), bad_share=share))
            network_number += 1
    return found


def mails(rng: Random, shape: Shape) -> list[Mail]:
    """All messages of all addresses, in the order in which they come."""
    found = [mail for source in sources(rng, shape) for mail in _mails_of(rng, source, shape)]
    found.sort(key=lambda mail: mail.at_s)
    return found


def address_identity(network: int, host: int) -> Identity:
    """One of 254 addresses of a network."""
    return Identity(IdentityKind.IP, str(IPv4Address(_FIRST_NETWORK + network * _NETWORK_SIZE + 1 + host)))


def network_identity(network: int) -> Identity:
    """One /24."""
    return Identity(IdentityKind.NETWORK, str(IPv4Network((_FIRST_NETWORK + network * _NETWORK_SIZE, 24))))


def _mails_of(rng: Random, source: Source, shape: Shape) -> list[Mail]:
    left = min(shape.most_messages, int(rng.paretovariate(shape.volume_exponent)))
    begins_s = rng.random() * shape.days * _DAY_S * 0.5
    ends_s = begins_s + rng.random() * (shape.days * _DAY_S - begins_s)
    found = []
    while left > 0:
        size = min(left, _count(rng, shape.burst))
        left -= size
        at_s = rng.uniform(begins_s, ends_s)
        for _ in range(size):
            found.append(Mail(at_s=at_s, chain=source.chain, is_bad=rng.random() < source.bad_share))
            at_s += rng.expovariate(1 / 20.0)
    return found


def _kind(rng: Random, shape: Shape) -> float:
    shares = [share for share, _ in shape.kinds]
    return rng.choices([middle for _, middle in shape.kinds], weights=shares)[0]


def _near(rng: Random, middle: float, strength: float) -> float:
    """Draw a share around another."""
    bounded = min(0.995, max(0.005, middle))
    return rng.betavariate(bounded * strength, (1.0 - bounded) * strength)


def _count(rng: Random, mean: float) -> int:
    """Draw a number from 1 on, geometrically, and never more than a network has addresses."""
    count = 1
    while count < _NETWORK_SIZE - 2 and rng.random() > 1.0 / mean:
        count += 1
    return count
