# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sends: good senders, our own users, correspondents, clients that nobody knows, and a bad lot."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from tests.bench.overload.mta_session import Handled, Letter, hand_over

if TYPE_CHECKING:
    from collections.abc import Mapping

USER, FRIEND = "bob@example.net", "friend@example.com"
"""One of ours has written to the other."""
_CLIENTS = 40
"""Of each known kind; those that nobody knows are all different."""
_MAX_OPEN = 900
"""File descriptors for sessions."""


class Kind(StrEnum):
    """The kinds of sender."""

    GOOD = "good senders"
    USERS = "our users"
    FRIENDS = "correspondents"
    NEW = "clients unknown"
    BAD = "bad senders"


QUIET: Mapping[Kind, float] = {Kind.GOOD: 0.4}
CROWD: Mapping[Kind, float] = {
    Kind.GOOD: 0.4, Kind.USERS: 0.1, Kind.FRIENDS: 0.05, Kind.NEW: 0.65, Kind.BAD: 0.8,
}  # fmt: skip
"""Messages of each kind as a share of what can be judged; together twice that."""


def good_clients() -> list[IPv4Address]:
    """Addresses of good senders, each in a network of its own."""
    return [IPv4Address(f"198.18.{number}.1") for number in range(_CLIENTS)]


def bad_clients() -> list[IPv4Address]:
    """The same of bad ones."""
    return [IPv4Address(f"198.19.{number}.1") for number in range(_CLIENTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message to come."""

    after_s: float
    kind: Kind
    letter: Letter


def arrivals(shares: Mapping[Kind, float], per_second: float, seconds: float, seed: int) -> list[Arrival]:
    """Draw a Poisson stream of each kind; ``per_second`` is what can be judged."""
    chance = random.Random(seed)
    found = []
    for kind, share in shares.items():
        after_s = 0.0
        while (after_s := after_s + chance.expovariate(share * per_second)) < seconds:
            found.append(Arrival(after_s=after_s, kind=kind, letter=_letter(kind, chance)))
    return sorted(found, key=lambda arrival: arrival.after_s)


def _letter(kind: Kind, chance: random.Random) -> Letter:
    unknown = f"45.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
    match kind:
        case Kind.GOOD:
            return Letter(client=str(chance.choice(good_clients())), sender="news@good.example", recipient=USER)
        case Kind.BAD:
            return Letter(client=str(chance.choice(bad_clients())), sender="win@bad.example", recipient=USER)
        case Kind.USERS:
            return Letter(client=unknown, sender=USER, recipient=FRIEND, user="bob")
        case Kind.FRIENDS:
            return Letter(client=unknown, sender=FRIEND, recipient=USER)
        case Kind.NEW:
            return Letter(client=unknown, sender="a@new.example", recipient=USER)


async def send(path: str, stream: list[Arrival]) -> list[tuple[Kind, Handled]]:
    """Send each at its time, whatever has become of those before it."""
    places, started = asyncio.Semaphore(_MAX_OPEN), time.perf_counter()

    async def one(arrival: Arrival) -> tuple[Kind, Handled]:
        async with places:
            return arrival.kind, await hand_over(path, arrival.letter)

    tasks = []
    for arrival in stream:
        await asyncio.sleep(max(0.0, started + arrival.after_s - time.perf_counter()))
        tasks.append(asyncio.create_task(one(arrival)))
    return await asyncio.gather(*tasks)
