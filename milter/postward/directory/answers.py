# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded answers of sources that know senders by patterns, alike for all of them."""

from __future__ import annotations

from collections import defaultdict
from ipaddress import ip_network
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from postward.directory.fields import plain_text
from postward.directory.rights import MAX_PATTERNS, sender_entry
from postward.directory.source import UnusableAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postward.directory.address import Mailbox
    from postward.directory.source import NetworkSenders
    from postward.model.ip_address import IpNetwork

MAX_NETWORKS = 1_000
_Item = TypeVar("_Item")


def bounded(items: Iterable[_Item], most: int, what: str) -> list[_Item]:
    """All items; raises UnusableAnswer where there are more than ``most``, having read one more and no further."""
    taken = list(islice(items, most + 1))
    if len(taken) > most:
        raise UnusableAnswer(f"more than {most} {what}")
    return taken


def split_patterns(values: Iterable[object]) -> Iterator[str]:
    """Every value may hold several patterns, with commas or white space between them."""
    for value in values:
        yield from plain_text(value).replace(",", " ").split()


def own_patterns(login: str) -> tuple[str, ...]:
    """A login that is an address may use it."""
    return (login,) if "@" in login else ()


def network_senders(
    rows: Iterable[tuple[object, object, object]], members: Callable[[Mailbox], Iterable[str]]
) -> NetworkSenders:
    """From rows of network, patterns and tenant; rows of one network add up.  Raises UnusableAnswer."""
    patterns: defaultdict[IpNetwork, list[str]] = defaultdict(list)
    tenants: dict[IpNetwork, str] = {}
    for network_value, given, tenant in bounded(rows, MAX_NETWORKS, "networks"):
        network = _network(plain_text(network_value))
        patterns[network] += bounded(split_patterns([given]), MAX_PATTERNS, "patterns for one network")
        tenants[network] = tenants.get(network) or plain_text(tenant)
    return tuple(
        (network, sender_entry(str(network), texts, tenant=tenants[network], members=members))
        for network, texts in patterns.items()
    )


def _network(text: str) -> IpNetwork:
    try:
        return ip_network(text)
    except ValueError:
        raise UnusableAnswer("what should be a network is none") from None
