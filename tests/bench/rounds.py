# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of load on all contenders in turn, so that what else happens on the machine meets them alike."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.processes import cpu, machine_cpu_s, pss_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.bench.contender import Contender
    from tests.bench.load import LoadGenerator

SESSIONS = 8
_SETTLE_S = 1.5
"""Postward reports once a second what it has done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One contender under load once."""

    cpu_ms: float
    """A message, over all processes."""
    system_ms: float
    """The part of it that the kernel takes."""
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    others_share: float
    """Part of the machine's cores that neither contender, nor load, nor name server has used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All rounds of one contender: medians."""

    cpu_ms: float
    cpu_ms_rounds: tuple[float, ...]
    """Of all contenders in the same order."""
    system_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    memory_bytes: int
    """Proportional set size of all processes after the load."""
    others_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What every contender has to run."""

    generator: LoadGenerator
    files: Sequence[Path]
    name_server_pid: int
    messages: int
    """In each round; a multiple of the files, or the rounds differ."""
    rounds: int


def run_rounds(contenders: Sequence[Contender], course: Course, say: Callable[[str], None]) -> dict[str, Figures]:
    """Warm everybody's caches up, then measure round by round."""
    for contender in contenders:
        course.generator.run(contender.milters, course.files, messages=course.messages, sessions=SESSIONS)
    rounds: dict[str, list[Round]] = {contender.name: [] for contender in contenders}
    for number in range(course.rounds):
        say(f"round {number + 1} of {course.rounds}")
        for contender in contenders:
            rounds[contender.name].append(_run_once(contender, course))
    return {contender.name: summarize(rounds[contender.name], _memory(contender)) for contender in contenders}


def summarize(rounds: Sequence[Round], memory_bytes: int) -> Figures:
    """Take the medians; of the errors the sum."""
    return Figures(
        cpu_ms=median(each.cpu_ms for each in rounds),
        cpu_ms_rounds=tuple(each.cpu_ms for each in rounds),
        system_ms=median(each.system_ms for each in rounds),
        per_second=median(each.per_second for each in rounds),
        p50_ms=median(each.p50_ms for each in rounds),
        p99_ms=median(each.p99_ms for each in rounds),
        errors=sum(each.errors for each in rounds),
        memory_bytes=memory_bytes,
        others_share=median(each.others_share for each in rounds),
    )


def cpu_ratio(ours: Figures, theirs: Figures) -> float:
    """Divide round by round, and take the median: what happened beside a round mostly happened to both."""
    return median(own / other for own, other in zip(ours.cpu_ms_rounds, theirs.cpu_ms_rounds, strict=True))


def _run_once(contender: Contender, course: Course) -> Round:
    time.sleep(_SETTLE_S)
    started, machine, load = time.monotonic(), machine_cpu_s(), _children_cpu_s()
    own, dns = cpu(contender.roots), cpu((course.name_server_pid,))
    result = course.generator.run(contender.milters, course.files, messages=course.messages, sessions=SESSIONS)
    under_load = cpu(contender.roots) - own + cpu((course.name_server_pid,)) - dns
    machine, load, seconds = machine_cpu_s() - machine, _children_cpu_s() - load, time.monotonic() - started
    # What a program does only afterwards belongs to the messages too.
    time.sleep(_SETTLE_S)
    used = cpu(contender.roots) - own
    return Round(
        cpu_ms=used.total_s / result.messages * 1000,
        system_ms=used.system_s / result.messages * 1000,
        per_second=result.messages / result.seconds,
        p50_ms=result.p50_ms,
        p99_ms=result.p99_ms,
        errors=result.errors,
        others_share=max(0.0, machine - under_load.total_s - load) / (seconds * (os.cpu_count() or 1)),
    )


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _memory(contender: Contender) -> int:
    return sum(pss_bytes(contender.roots).values())
