# SPDX-License-Identifier: GPL-3.0-or-later
"""All that one run of the bench has found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.cold_dns import ColdFigures
    from tests.bench.large import CrowdFigures, LargeFigures
    from tests.bench.rounds import Figures
    from tests.bench.stages import InsideFigures
    from tests.bench.through_postfix import PostfixFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class RestFigures:
    """Starting, and doing nothing."""

    ready_after_s: float
    start_cpu_s: float
    """CPU until then, which other programs on the machine hardly change."""
    idle_worker_bytes: int
    """Proportional set size of the largest worker; pages that processes share are counted once."""
    idle_total_bytes: int
    """Of all processes with as many workers as are shipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures; None or an absent name is what was not measured."""

    machine: str
    command: str
    contenders: Mapping[str, Figures]
    refused: Mapping[str, str]
    """Contenders that were not timed, each with the reason."""
    inside: InsideFigures | None = None
    postfix: Mapping[str, PostfixFigures]
    signing: Mapping[str, Figures] = field(default_factory=dict)
    rules: Mapping[str, Figures] = field(default_factory=dict)
    """Postward with sets of rules."""
    scanning: Mapping[str, Figures] = field(default_factory=dict)
    """Postward with more and more of what it can look at."""
    plugin_trips_ms: Mapping[str, float] = field(default_factory=dict)
    """A call of a plugin, by the size of the message."""
    attachment: LargeFigures | None = None
    spaced_text: LargeFigures | None = None
    crowd: CrowdFigures | None = None
    cold: ColdFigures | None = None
    rest: RestFigures
