# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message costs more when there are many identities."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.reputation.crowd import Way, measure_rate
from tests.bench.reputation.filling import fill
from tests.bench.reputation.server import bench_redis
from tests.bench.reputation.traffic import IDENTITIES_A_SENDER, Senders

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.reputation.crowd import Rate

_BYTES_EACH = 260
"""More than an identity takes, for the question whether they find room."""
_MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRates:
    """The same work at each size, and what did not fit."""

    rates: list[Rate]
    left_out: list[str]


def measure_sizes(
    folder: Path, sizes: Sequence[int], *, messages: int, rounds: int, say: Callable[[str], None]
) -> SizeRates:
    """Write so many identities, then let one worker handle messages of random senders of these; the best of rounds."""
    rates: list[Rate] = []
    left_out: list[str] = []
    for size in sizes:
        needed = size * _BYTES_EACH
        if needed > available_bytes() / 2:
            left_out.append(f"{size:,} identities need {needed / 1e9:.1f} GB, and less than twice that is free")
            continue
        rates += _measure(folder / f"size-{size}", size, messages, rounds, say)
    return SizeRates(rates=rates, left_out=left_out)


def available_bytes() -> int:
    """How much memory programs can still have."""
    lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))


def _measure(folder: Path, size: int, messages: int, rounds: int, say: Callable[[str], None]) -> list[Rate]:
    senders = Senders(round(size / IDENTITIES_A_SENDER))
    with bench_redis(folder) as (server, client):
        say(f"sizes: {size:,} identities")
        fill(client, senders.all(), time.time(), say)
        found = [
            measure_rate(server, client, senders, way=way, processes=1, messages=messages)
            for way in Way
            for _ in range(rounds)
        ]
    return [min((one for one in found if one.way is way), key=lambda rate: rate.redis_us) for way in Way]
