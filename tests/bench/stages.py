# SPDX-License-Identifier: GPL-3.0-or-later
"""What each stage inside Postward costs a message, what it asks of DNS, and how often it holds a body at once."""

from __future__ import annotations

import threading
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.in_process import InProcess
from tests.bench.stopwatch import Stopwatch
from tests.bench.told_message import ToldMessage, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postward.config import Configuration
    from tests.bench.corpus import CorpusMessage

_WARM_UP_ROUNDS = 2
_DNS_THREAD = "dns"
CHECKS = ("iprev", "spf", "dkim", "arc", "dmarc")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCost:
    """Milliseconds a message."""

    cpu_ms: float
    wall_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideFigures:
    """One worker's work without libmilter, on one thread, with warm caches."""

    stages: Mapping[str, StageCost]
    dns_thread_cpu_ms: float
    queries: float
    """DNS queries a message that went to a server."""
    cache_hits: float
    """Questions a message that the cache answered."""
    body_copies: float
    """Memory taken at the most while a large message passes, as a multiple of its body."""


def measure_inside(config: Configuration, messages: Sequence[CorpusMessage], rounds: int) -> InsideFigures:
    """Put all messages through so many times."""
    inside = InProcess(config, Stopwatch())
    all_told = tuple(map(told, messages))
    try:
        for message in all_told * _WARM_UP_ROUNDS:
            inside.put_through(message)
        inside.watch.clear()
        before, dns_cpu_s = inside.dns, _thread_cpu_s(_DNS_THREAD)
        for message in all_told * rounds:
            inside.put_through(message)
        count = len(messages) * rounds
        after, dns_cpu_s = inside.dns, _thread_cpu_s(_DNS_THREAD) - dns_cpu_s
        return InsideFigures(
            stages=stage_costs(inside.watch, count),
            dns_thread_cpu_ms=dns_cpu_s / count * 1000,
            queries=(sum(after.queries.values()) - sum(before.queries.values())) / count,
            cache_hits=(after.cache_hits - before.cache_hits) / count,
            body_copies=_body_copies(inside, max(all_told, key=_body_bytes)),
        )
    finally:
        inside.close()


def stage_costs(watch: Stopwatch, messages: int) -> dict[str, StageCost]:
    """Take apart what the stopwatch holds, so that the stages add up to the whole.

    The end of a message contains its evaluation and reporting; the evaluation contains checks, score and plan.
    """
    costs = {}
    for clock in (watch.cpu_s, watch.wall_s):
        own = dict(clock)
        # `judge` does score and plan a second time for their own sake.
        evaluation = own.pop("evaluation")
        own["reply"] = own.pop("end") - evaluation - own["reporting"] - own["score"] - own["plan"]
        parts = sum(own[name] for name in (*CHECKS, "score", "plan") if name in own)
        own["origin, decision and the rest"] = evaluation - parts
        costs[id(clock)] = own
    cpu, wall = costs.values()
    order = (
        "connect",
        "mail",
        "headers",
        "body",
        *CHECKS,
        "score",
        "plan",
        "origin, decision and the rest",
        "reply",
        "reporting",
    )
    return {
        name: StageCost(cpu_ms=cpu[name] / messages * 1000, wall_ms=wall[name] / messages * 1000)
        for name in order
        if name in cpu
    }


def _body_bytes(message: ToldMessage) -> int:
    return sum(map(len, message.chunks))


def _body_copies(inside: InProcess, message: ToldMessage) -> float:
    """Count the chunks as they came as one copy: they are the bench's, and Postward keeps them."""
    tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        inside.put_through(message)
        return 1 + (tracemalloc.get_traced_memory()[1] - before) / _body_bytes(message)
    finally:
        tracemalloc.stop()


def _thread_cpu_s(name: str) -> float:
    ids = [thread.native_id for thread in threading.enumerate() if thread.name == name]
    return sum(int(Path(f"/proc/self/task/{number}/schedstat").read_text().split()[0]) for number in ids) / 1e9
