# SPDX-License-Identifier: GPL-3.0-or-later
"""A stopwatch for the stages of a message, and what it is put around."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.checks.base import Check
    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.transaction import Facts


@dataclass(slots=True)
class Stopwatch:
    """CPU of the thread and wall time, by stage."""

    cpu_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    wall_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def clear(self) -> None:
        """Begin anew."""
        self.cpu_s.clear()
        self.wall_s.clear()

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Measure what is done inside."""
        return self._measured(name)

    @contextmanager
    def _measured(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.thread_time()
        yield
        self.cpu_s[name] += time.thread_time() - cpu
        self.wall_s[name] += time.perf_counter() - wall


class NoStopwatch(Stopwatch):
    """Measures nothing and costs next to nothing."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Do nothing."""
        return _NOTHING


class _Nothing(AbstractContextManager[None]):
    def __enter__(self) -> None:
        pass

    def __exit__(self, *_exception: object) -> None:
        pass


_NOTHING = _Nothing()


class TimedCheck:
    """A check as it is, with the stopwatch running."""

    def __init__(self, check: Check, watch: Stopwatch) -> None:
        self._check = check
        self._watch = watch
        self.name = check.name
        self.requires = check.requires

    def applies(self, origin: Origin) -> bool:
        return self._check.applies(origin)

    def run(self, examination: Examination) -> None:
        with self._watch.stage(self.name):
            self._check.run(examination)

    def results(self, facts: Facts) -> Mapping[str, str]:
        return self._check.results(facts)
