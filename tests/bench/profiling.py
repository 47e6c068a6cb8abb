# SPDX-License-Identifier: GPL-3.0-or-later
"""The ten dearest functions on the way of a message through a worker.

Their share of the CPU is sampled, for a profiler that is told of each call makes small functions dear; how often
each is called such a profiler tells.  What a C function takes counts for the Python function that called it.
"""

from __future__ import annotations

import cProfile
import signal
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.in_process import InProcess
from tests.bench.stopwatch import NoStopwatch
from tests.bench.told_message import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import CodeType, FrameType

    from postward.config import Configuration
    from tests.bench.corpus import CorpusMessage

DEAREST = 10
_INTERVAL_S = 0.001
_GENERATED = "<string>"
_BENCH = str(Path(__file__).parent)

Place = tuple[str, int, str]
"""File, first line and name of a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCost:
    """One function."""

    name: str
    own_share: float
    """Part of the CPU that goes into the function itself."""
    total_share: float
    """The same with all that it calls."""
    calls: float
    """A message."""


@dataclass(slots=True)
class Samples:
    """Where the main thread was, each time the process had used a bit of CPU."""

    own: Counter[Place] = field(default_factory=Counter)
    total: Counter[Place] = field(default_factory=Counter)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take samples while inside; only on the main thread."""
        before = signal.signal(signal.SIGPROF, self._take)
        signal.setitimer(signal.ITIMER_PROF, _INTERVAL_S, _INTERVAL_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _take(self, _number: int, frame: FrameType | None) -> None:
        stack = []
        while frame is not None:
            stack.append(_place(frame.f_code))
            frame = frame.f_back
        self.add(stack)

    def add(self, stack: Sequence[Place]) -> None:
        """Count one sample, innermost function first; what the bench itself does is left out."""
        if not stack or stack[0][0].startswith(_BENCH):
            return
        self.own[stack[0]] += 1
        self.total.update({place for place in stack if not place[0].startswith(_BENCH)})


def profile(config: Configuration, messages: Sequence[CorpusMessage], rounds: int) -> list[FunctionCost]:
    """Put the messages through so many times, with warm caches."""
    inside = InProcess(config, NoStopwatch())
    samples, calls = Samples(), cProfile.Profile()
    all_told = tuple(map(told, messages))
    try:
        for message in all_told:
            inside.put_through(message)
        with samples.taken():
            for message in all_told * rounds:
                inside.put_through(message)
        calls.enable()
        for message in all_told:
            inside.put_through(message)
        calls.disable()
    finally:
        inside.close()
    return dearest(samples, {place: number / len(messages) for place, number in _calls(calls).items()})


def dearest(samples: Samples, calls: Mapping[Place, float], count: int = DEAREST) -> list[FunctionCost]:
    """Order the functions by their own share."""
    all_samples = samples.own.total() or 1
    return [
        FunctionCost(
            name=_name(place),
            own_share=number / all_samples,
            total_share=samples.total[place] / all_samples,
            calls=calls.get(place, 0.0),
        )
        for place, number in samples.own.most_common(count)
    ]


def _calls(profiler: cProfile.Profile) -> Counter[Place]:
    counted: Counter[Place] = Counter()
    for entry in profiler.getstats():
        if not isinstance(entry.code, str):
            counted[_place(entry.code)] += entry.callcount
    return counted


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_firstlineno, code.co_name


def _name(place: Place) -> str:
    file, line, function = place
    if file == _GENERATED:
        return f"{function} of all frozen dataclasses"
    parts = Path(file).parts
    # From the package on, or else the last two parts: the rest is where somebody keeps it.
    start = max((index for index, part in enumerate(parts) if part == "postward"), default=len(parts) - 2)
    return f"{'/'.join(parts[max(start, 0) :])}:{line} {function}"
