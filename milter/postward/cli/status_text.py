# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of ``postward status`` for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.escape import escape
from postward.observability.line import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mta.status import GenerationStatus, MtaStatus, RedisStatus, ReloadStatus, WorkerStatus

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def status_text(status: MtaStatus | None, problems: list[str], now_s: float) -> str:
    """Tell it in plain words, the worst first."""
    lines = [f"PROBLEM  {problem}" for problem in problems] or ["Postward is running and well"]
    if status is not None:
        lines += _lines(status, now_s)
    return "\n".join(escape(line) for line in lines)


def _lines(status: MtaStatus, now_s: float) -> Iterator[str]:
    running = duration(now_s - status["since_s"])
    yield f"version {status['version']}, process {status['pid']}, {status['state']} for {running} on {status['listen']}"
    for generation in status["generations"]:
        yield from _generation(generation)
    if status["redis"] is not None:
        yield _redis(status["redis"], now_s)
    if status["last_reload"] is not None:
        yield from _reload(status["last_reload"])


def _generation(generation: GenerationStatus) -> Iterator[str]:
    workers, restarts = generation["workers"], generation["restarts"]
    number = f"{len(workers)} worker{'' if len(workers) == 1 else 's'}"
    replaced = f", {restarts} replaced after they died" if restarts else ""
    yield f"generation {generation['number']}: {generation['state']}, {number}{replaced}"
    yield from (f"  {_worker(worker)}" for worker in workers)


def _worker(worker: WorkerStatus) -> str:
    stuck = f", {worker['stuck']} evaluations stuck" if worker["stuck"] else ""
    return (
        f"worker {worker['index']}, process {worker['pid']}: {worker['state']} for {duration(worker['age_s'])},"
        f" {worker['sessions']} sessions open, {worker['messages']} messages answered{stuck}"
    )


def _redis(redis: RedisStatus, now_s: float) -> str:
    restarts = redis["restarts"]
    process = f", process {redis['pid']}" if redis["pid"] else ""
    number = f"{restarts} time{'' if restarts == 1 else 's'}"
    again = f", started again {number}; last because: {redis['reason']}" if restarts else ""
    return f"Redis of its own{process}: {redis['state']} for {duration(now_s - redis['since_s'])}{again}"


def _reload(reload: ReloadStatus) -> Iterator[str]:
    when = timestamp(reload["time_s"])
    if reload["is_good"]:
        yield f"configuration loaded at {when}"
        return
    yield f"WARNING  the configuration was refused at {when}; the one before it stays in force:"
    yield from (f"  {error}" for error in reload["errors"])


def duration(seconds: float) -> str:
    """Return a time span in its two largest units, such as "3 h 20 min"."""
    left = max(0, int(seconds))
    parts: list[str] = []
    for size, unit in _UNITS:
        if left >= size:
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts[:2]) or "0 s"
