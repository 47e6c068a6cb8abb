"""Rounds of load on all contenders in turn, so that what else happens on the machine meets them alike."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.processes import cpu_s, machine_cpu_s, pss_bytes

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
        per_second=median(each.per_second for each in rounds),
        p50_ms=median(each.p50_ms for each in rounds),
        p99_ms=median(each.p99_ms for each in rounds),
        errors=sum(each.errors for each in rounds),
        memory_bytes=memory_bytes,
        others_share=median(each.others_share for each in rounds),
    )


def _run_once(contender: Contender, course: Course) -> Round:
    time.sleep(_SETTLE_S)
    started, own, machine, dns = (
        time.monotonic(),
        cpu_s(contender.roots),
        machine_cpu_s(),
        cpu_s((course.name_server_pid,)),
    )
    load = _children_cpu_s()
    result = course.generator.run(contender.milters, course.files, messages=course.messages, sessions=SESSIONS)
    load = _children_cpu_s() - load
    machine, seconds = machine_cpu_s() - machine, time.monotonic() - started
    under_load = cpu_s(contender.roots) - own + cpu_s((course.name_server_pid,)) - dns + load
    # What a program does only afterwards belongs to the messages too.
    time.sleep(_SETTLE_S)
    return Round(
        cpu_ms=(cpu_s(contender.roots) - own) / result.messages * 1000,
        per_second=result.messages / result.seconds,
        p50_ms=result.p50_ms,
        p99_ms=result.p99_ms,
        errors=result.errors,
        others_share=max(0.0, machine - under_load) / (seconds * (os.cpu_count() or 1)),
    )


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _memory(contender: Contender) -> int:
    return sum(pss_bytes(contender.roots).values())
