# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.bench.overload.at_rest``: what load shedding costs a message where there is no overload."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tests.bench.bench import machine
from tests.bench.contender import Contender
from tests.bench.postward_filter import WORKERS_AS_SHIPPED
from tests.bench.rounds import Course, cpu_ratio, run_rounds
from tests.bench.stand import Stand
from tests.mailhost.redis_server import RedisServer

if TYPE_CHECKING:
    from tests.bench.rounds import Figures

_MESSAGES, _ROUNDS = 1_200, 7
_WITH, _WITHOUT = "with load shedding", "without"


def main() -> int:
    """Print the CPU of both, and the middle ratio of the rounds."""
    if os.geteuid():
        sys.stderr.write("It starts a name server and services of its own and needs root.\n")
        return 1
    with Stand() as stand, RedisServer(stand.root / "redis") as redis:
        figures = _measure(stand, redis.url)
    rows = [
        f"| {name} | {one.cpu_ms:.2f} | {min(one.cpu_ms_rounds):.2f}-{max(one.cpu_ms_rounds):.2f} | {one.p50_ms:.1f}"
        f" | {one.p99_ms:.1f} |\n"
        for name, one in figures.items()
    ]
    sys.stdout.write(f"{machine()}\n\n|  | CPU ms | rounds | p50 ms | p99 ms |\n| --- | ---: | ---: | ---: | ---: |\n")
    sys.stdout.write("".join(rows))
    sys.stdout.write(f"\nCPU of the first, of the second: {cpu_ratio(figures[_WITH], figures[_WITHOUT]):.3f}\n")
    return 0


def _measure(stand: Stand, redis_url: str) -> dict[str, Figures]:
    contenders = []
    for name in (_WITH, _WITHOUT):
        settings = {
            "shedding": {"enabled": name == _WITH},
            "redis": {"url": redis_url},
            "reputation": {"enabled": True},
        }
        running = stand.running.enter_context(stand.filter(WORKERS_AS_SHIPPED, settings=settings))
        contenders.append(Contender(name=name, milters=(running.address,), roots=(running.pid,), methods=()))
    course = Course(
        generator=stand.generator,
        files=stand.mix_files,
        name_server_pid=stand.names.pid,
        messages=_MESSAGES,
        rounds=_ROUNDS,
    )
    return run_rounds(contenders, course, lambda words: sys.stderr.write(f"{words}\n") and None)


if __name__ == "__main__":
    sys.exit(main())
