# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the bench of reputation finds out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.bench.reputation.brier import ALL, GROUPS

if TYPE_CHECKING:
    from tests.bench.reputation.crowd import Rate
    from tests.bench.reputation.false_flags import Flagged
    from tests.bench.reputation.forecasts import Forecasts
    from tests.bench.reputation.memory import KindMemory
    from tests.bench.reputation.sizes import SizeRates
    from tests.bench.reputation.stage_cost import StageCost
    from tests.bench.reputation.takeover import Takeover

ALL_GROUPS = (*(name for name, _ in GROUPS), ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What estimates are worth."""

    forecasts: Forecasts
    takeover: Takeover
    flags: list[Flagged]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the store costs."""

    memory: list[KindMemory]
    rates: list[Rate]
    stage: StageCost
    sizes: SizeRates


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """None for what was not asked for."""

    command: str
    machine: str
    simulated: Simulated | None = None
    scale: Scale | None = None
    remarks: list[str] = field(default_factory=list)
