# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.faults.soak [--messages N]``: many messages through the milter protocol, and what is left of them.

The standard mix of the bench, every check on, bodies beyond 64 kB in spool files.  After each round a look is taken at
the memory, the descriptors and the threads of every process; from the warm-up on, none of them may grow.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.bench.corpus import standard_mix
from tests.bench.load import LoadGenerator
from tests.dns_fixture import DnsFixture
from tests.mailhost.scratch import Scratch
from tests.milter.filter import Filter
from tests.milter.metrics_page import free_port, messages, wait_for_page
from tests.milter.server import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MESSAGES = 200_000
ROUNDS = 10
WARM_UP_ROUNDS = 2
LAST_ROUNDS = 3
SESSIONS = 8
WORKERS = 2
MESSAGES_PER_SESSION = 4
MIB = 1024 * 1024
MAX_GROWTH_BYTES = 3 * MIB
"""Of all workers together: the heaps of threads fill up in their own time; 100 bytes lost a message would be more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What the processes of one kind have, all together."""

    pss_bytes: int
    """Memory that is no file's; a page that n processes share counts 1/n."""
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All kinds of processes after so many messages."""

    messages: int
    per_s: float
    holdings: dict[str, Holdings]


class Soak:
    """A running filter with its load; used as a context manager."""

    def __enter__(self) -> Self:
        with ExitStack() as running:
            folder = running.enter_context(Scratch())
            self._generator = LoadGenerator(folder)
            self._generator.build()
            corpus = standard_mix()
            self._files = corpus.write(folder / "mix")
            names = running.enter_context(DnsFixture(corpus.zone, ttl_s=3600))
            self._port = free_port()
            self.filter = Filter(names.address)
            running.callback(self.filter.stop)
            self.filter.configure(
                workers=WORKERS,
                metrics={"listen": f"127.0.0.1:{self._port}"},
                message={"body_memory_bytes": 65_536},
                log={"level": "warning"},
            )
            self.filter.start(wait=False)
            wait_for_page(self._port, lambda page: True, "the first page of metrics")
            self._running = running.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._running.close()

    def run(self, total: int) -> Iterator[Look]:
        """Send so many messages, look after each round, and insist that each was accepted and counted once."""
        sent = 0
        for number in range(1, ROUNDS + 1):
            due = total * number // ROUNDS - sent
            result = self._generator.run(
                [self.filter.address], self._files, messages=due, sessions=SESSIONS, per_session=MESSAGES_PER_SESSION
            )
            sent += due
            assert (result.accepted, result.errors) == (due, 0), result
            wait_for_page(self._port, lambda page, sent=sent: messages(page) == sent, f"{sent} messages counted")
            yield Look(messages=sent, per_s=due / result.seconds, holdings=self._look())
        assert [line for line in self.filter.lines if "level=error" in line or "level=warning" in line] == []

    def _look(self) -> dict[str, Holdings]:
        status = wait_until(lambda: processes(self.filter), "all processes")
        return {kind: holdings(pids) for kind, pids in status.items()}


def processes(server: Filter) -> dict[str, list[int]] | None:
    """The processes of the service by kind, as their parents are; None while one of them is missing."""
    supervisor = server.process.pid
    children = {pid: children_of(pid) for pid in children_of(supervisor)}
    leaders = [pid for pid, own in children.items() if own]
    workers = [pid for own in children.values() for pid in own]
    if (len(children), len(leaders), len(workers)) != (2, 1, WORKERS):
        return None
    collectors = [pid for pid, own in children.items() if not own]
    return {"supervisor": [supervisor], "leader": leaders, "collector": collectors, "workers": workers}


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def holdings(pids: Sequence[int]) -> Holdings:
    return Holdings(
        pss_bytes=sum(pss_bytes(pid) for pid in pids),
        descriptors=sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids),
        threads=sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in pids),
    )


def pss_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss_Anon:"))


def growth(looks: Sequence[Look], *, max_growth_bytes: int = MAX_GROWTH_BYTES) -> list[str]:
    """Say what has grown since the warm-up, in words; empty where nothing has."""
    found = []
    for kind, last in looks[-1].holdings.items():
        warm = [look.holdings[kind] for look in looks[: WARM_UP_ROUNDS + 1]]
        # Memory goes up and down with what happens to be under way; what is never let go is there in all of the last.
        least = min(look.holdings[kind].pss_bytes for look in looks[-LAST_ROUNDS:])
        grown = least - max(each.pss_bytes for each in warm)
        if grown > max_growth_bytes:
            found.append(f"{kind}: memory by {grown / MIB:.1f} MiB")
        if last.descriptors > max(each.descriptors for each in warm) + SESSIONS:
            found.append(f"{kind}: descriptors to {last.descriptors}")
        if last.threads > max(each.threads for each in warm) + SESSIONS:
            found.append(f"{kind}: threads to {last.threads}")
    return found


def row(look: Look) -> str:
    cells = (f"{each.pss_bytes / MIB:8.1f} {each.descriptors:4d} {each.threads:4d}" for each in look.holdings.values())
    return f"{look.messages:9,d} {look.per_s:7,.0f}  " + "  ".join(cells)


def heading(look: Look) -> str:
    kinds = "  ".join(f"{kind:>18s}" for kind in look.holdings)
    units = "  ".join(f"{'MiB':>8s} {'fds':>4s} {'thr':>4s}" for _ in look.holdings)
    return f"{'':17s}  {kinds}\n{'messages':>9s} {'per s':>7s}  {units}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a round; 1 where something grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description="Look for what is never let go.")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    total = parser.parse_args(arguments).messages
    looks: list[Look] = []
    with Soak() as soak:
        for look in soak.run(total):
            if not looks:
                sys.stdout.write(f"{heading(look)}\n")
            looks.append(look)
            sys.stdout.write(f"{row(look)}\n")
            sys.stdout.flush()
    grown = growth(looks)
    sys.stdout.write("\n".join(["", *grown, "" if grown else "Nothing grows.", ""]))
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
