# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists for tests, over a zone file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns.zone import ZoneLookup
from postward.dns_lists.asking import LookupAsking
from postward.dns_lists.code import parse_code
from postward.dns_lists.health import ListHealth
from postward.dns_lists.lists import DnsLists, ListBounds
from postward.dns_lists.zone import ListZone, Subject, code

if TYPE_CHECKING:
    from collections.abc import Sequence

CLIENTS = ListZone(
    name="clients",
    zone="bl.example",
    codes=(
        code("127.0.0.2", "SPAMMER", 3.0, "the address is known for spam"),
        code("127.0.0.10", "HOME", 2.0, "the address is one of a home", is_policy=True),
        code("127.0.0.5"),
    ),
    received_symbol=code("127.0.0.2", "PASSED_SPAMMER", 1.0, "it came through such an address").symbol,
    ipv6=True,
)
DOMAINS = ListZone(
    name="domains",
    zone="dbl.example",
    subjects=frozenset({Subject.HELO, Subject.SENDER, Subject.DKIM, Subject.URL}),
    codes=(code("127.0.1.2", "BAD_DOMAIN", 3.0, "a domain is known for spam"),),
    errors=(parse_code("127.0.1.255"),),
    listed=("test",),
    unlisted=("invalid",),
)


class Told:
    """Remembers when lists were switched off and on."""

    def __init__(self):
        self.events = []

    def switched_off(self, zone, why):
        self.events.append((zone.name, why))

    def switched_on(self, zone):
        self.events.append((zone.name, "on"))


class CountingAsking(LookupAsking):
    """Remembers what was asked."""

    def __init__(self, zone):
        super().__init__(ZoneLookup(zone))
        self.asked = []
        self.ahead = []

    def answers(self, names, timeout_s):
        self.asked += names
        return super().answers(names, timeout_s)

    def ask_ahead(self, names):
        self.ahead += names


def believed(zones: Sequence[ListZone], clock=lambda: 0.0, watcher=None) -> ListHealth:
    """All of them have been probed, and are well."""
    health = ListHealth(zones, clock, watcher)
    for zone in zones:
        health.probed(zone, "")
    return health


def lists(zone: object, zones: Sequence[ListZone] = (CLIENTS, DOMAINS), **bounds) -> tuple[DnsLists, CountingAsking]:
    """Lists that answer what a zone file says."""
    asking = CountingAsking(zone)
    return DnsLists(zones, asking, believed(zones), ListBounds(**bounds)), asking
