# SPDX-License-Identifier: GPL-3.0-or-later
"""How much memory one identity takes, by its kind, when there are a million of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from postward.model.identity import OWN_KINDS, Identity, IdentityKind
from postward.model.reputation import Evidence
from postward.store.reputation.keys import key_of
from tests.bench.reputation import traffic
from tests.bench.reputation.opened import opened
from tests.bench.reputation.server import bench_redis

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postward.store.reputation.records import RedisReputation

AT_ONCE = 4_000
"""Identities that are added before they are sent."""
_LESSON = Evidence(bad=0.75, seen=1.0)
_EXAMPLES = 1_000

_NAMES: dict[IdentityKind, Callable[[int], Identity]] = {
    IdentityKind.IP: traffic.address,
    IdentityKind.NETWORK: lambda number: traffic.network(4 * number),
    IdentityKind.DKIM_DOMAIN: lambda number: traffic.domains(3 * number)[1],
    IdentityKind.PAIR: traffic.pair,
    IdentityKind.LOGIN: traffic.login,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindMemory:
    """Of one kind."""

    kind: str
    identities: int
    key_octets: float
    """How long its key is, on average."""
    bytes_each: float
    """What the server says it uses for data and index, without what it used when it was empty."""
    per_second: float
    """How many were added in a second, by one client."""


def measure_memory(folder: Path, identities: int, say: Callable[[str], None]) -> list[KindMemory]:
    """Add so many of each kind through the store, each kind to a server of its own."""
    found = []
    for kind, name in _NAMES.items():
        say(f"memory: {identities:,} of {kind.value}")
        found.append(_measure(folder / f"memory-{kind.value}", kind, name, identities))
    return found


def _measure(folder: Path, kind: IdentityKind, name: Callable[[int], Identity], count: int) -> KindMemory:
    with bench_redis(folder) as (server, client), opened(server.target) as records:
        records.add({name(count): _LESSON})
        records.flush()
        client.flushall()
        before = client.memory_stats()["total.allocated"]
        started_s = time.perf_counter()
        _add_all(records, name, count)
        took_s = time.perf_counter() - started_s
        used = client.memory_stats()["total.allocated"] - before
        kept = client.dbsize() / (3 if kind in OWN_KINDS else 1)
    if kept != count:
        raise ValueError(f"{count - kept:g} of {count} {kind.value} are missing")
    return KindMemory(
        kind=kind.value,
        identities=count,
        key_octets=fmean(len(key_of(name(number))) for number in range(0, count, max(1, count // _EXAMPLES))),
        bytes_each=used / count,
        per_second=count / took_s,
    )


def _add_all(records: RedisReputation, name: Callable[[int], Identity], count: int) -> None:
    for start in range(0, count, AT_ONCE):
        records.add({name(number): _LESSON for number in range(start, min(start + AT_ONCE, count))})
        records.flush()
