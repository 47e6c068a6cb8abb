# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's address, in networks."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding, IndexKeys
from postward.rules.conditions.leaf import Leaf
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.model.ip_address import IpAddress, IpNetwork
    from postward.rules.conditions.base import Subject
    from postward.rules.message.message import Message


def network_key(network: IpNetwork) -> str:
    """Name a network, as ``network_keys`` names those that hold an address."""
    return f"{network.version}/{network.prefixlen}/{int(network.network_address):x}"


def network_keys(address: IpAddress, lengths: Iterable[int]) -> Iterator[str]:
    """Give the names of the networks of these prefix lengths that hold an address."""
    number, bits = int(address), address.max_prefixlen
    for length in lengths:
        if length <= bits:
            shift = bits - length
            yield f"{address.version}/{length}/{number >> shift << shift:x}"


def read_network_key(key: str) -> tuple[int, int, int]:
    """Give version, prefix length and number of a network by its name."""
    version, length, number = key.split("/")
    return int(version), int(length), int(number, 16)


class NetworkSet:
    """Any number of networks: what a look-up costs goes by the number of their prefix lengths."""

    def __init__(self, networks: Iterable[IpNetwork]) -> None:
        known = tuple(networks)
        self.keys = frozenset(network_key(network) for network in known)
        self._lengths = frozenset((network.version, network.prefixlen) for network in known)

    def holds(self, address: IpAddress) -> bool:
        """Whether one of them holds the address."""
        lengths = (length for version, length in self._lengths if version == address.version)
        return any(key in self.keys for key in network_keys(address, lengths))

    def __or__(self, other: NetworkSet) -> NetworkSet:
        both = NetworkSet(())
        both.keys = self.keys | other.keys
        both._lengths = self._lengths | other._lengths
        return both

    def __len__(self) -> int:
        return len(self.keys)


class NetworkCondition(Leaf):
    """The address is in one of the networks, and in none of those that are excluded; no address is in none."""

    needs = frozenset({Need.CLIENT})

    def __init__(self, name: str, within: NetworkSet | None, outside: NetworkSet | None, *, judged: bool) -> None:
        """``judged``: behind a trusted relay the address that it has recorded, which is known at the end."""
        self._within = within
        self._outside = outside
        self._judged = judged
        parts = [f"is in {len(within)} networks"] if within is not None else []
        parts += [f"is not in {len(outside)} networks"] if outside is not None else []
        self._asked = f"{name} {' and '.join(parts)}"
        self.stage = Stage.END if judged else Stage.CONNECT

    def test(self, subject: Subject) -> Finding:
        """Look the address up."""
        address = self._address(subject.message)
        matched = (self._within is None or (address is not None and self._within.holds(address))) and (
            self._outside is None or address is None or not self._outside.holds(address)
        )
        return Finding(matched=matched, asked=self._asked, seen=str(address) if address is not None else "nothing")

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Give the networks."""
        if self._within is None or self._judged:
            return None
        return (IndexKeys("client.ip.network", self._within.keys),)

    def _address(self, message: Message) -> IpAddress | None:
        client = message.client
        return (client.origin or client.address) if self._judged else client.address


def parse_network(text: str) -> IpNetwork:
    """Read a network or an address; raises ValueError."""
    return ip_network(text)
