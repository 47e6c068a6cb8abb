# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is measured about reputation, one after the other, each on a Redis of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from tests.bench.bench import machine
from tests.bench.reputation.crowd import Way, measure_rate
from tests.bench.reputation.false_flags import measure_flags
from tests.bench.reputation.filling import fill
from tests.bench.reputation.forecasts import Bench, measure_forecasts
from tests.bench.reputation.frozen_clock import FrozenClock
from tests.bench.reputation.memory import measure_memory
from tests.bench.reputation.opened import opened
from tests.bench.reputation.population import Shape
from tests.bench.reputation.report import Report, Scale, Simulated
from tests.bench.reputation.server import bench_redis
from tests.bench.reputation.sizes import measure_sizes
from tests.bench.reputation.stage_cost import measure_stage
from tests.bench.reputation.takeover import measure_takeover
from tests.bench.reputation.traffic import Senders
from tests.mailhost.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_START_S = 1_767_225_600.0
"""2026-01-01, when all simulations begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationExtent:
    """How much is simulated."""

    shape: Shape = field(default_factory=Shape)
    seeds: tuple[int, ...] = (1, 2, 3, 4)
    accounts: int = 100
    good: int = 2_000
    bad: int = 60
    senders: int = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleExtent:
    """How much is measured."""

    memory: int = 1_000_000
    senders: int = 50_000
    """For rates."""
    rate_messages: int = 3_000
    """Of each process; in short rounds, of which the best counts, since other programs disturb a long one for sure."""
    rate_rounds: int = 6
    messages: int = 10_000
    """At each size."""
    processes: tuple[int, ...] = (1, 2, 4)
    sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000, 10_000_000)
    rounds: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """None for what is left out."""

    simulation: SimulationExtent | None
    scale: ScaleExtent | None

    def only(self, part: str | None) -> Extent:
        """One part of it; all where that is None."""
        match part:
            case "simulation":
                return replace(self, scale=None)
            case "scale":
                return replace(self, simulation=None)
        return self

    def up_to(self, identities: int | None) -> Extent:
        """With no more identities than that."""
        if identities is None or self.scale is None:
            return self
        scale = replace(
            self.scale,
            memory=min(self.scale.memory, identities),
            sizes=tuple(size for size in self.scale.sizes if size <= identities),
        )
        return replace(self, scale=scale)


FULL = Extent(simulation=SimulationExtent(), scale=ScaleExtent())
QUICK = Extent(
    simulation=SimulationExtent(shape=Shape(systems=15), seeds=(1,), accounts=20, good=300, senders=4_000),
    scale=ScaleExtent(
        rate_rounds=1, memory=60_000, senders=3_000, messages=2_000, processes=(1, 2), sizes=(10_000, 100_000), rounds=1
    ),
)


def run_bench(extent: Extent, command: str, say: Callable[[str], None]) -> Report:
    """Measure it; needs redis-server, and a C compiler for the simulation."""
    with Scratch() as folder:
        simulated = _simulate(folder, extent.simulation, say) if extent.simulation is not None else None
        scale = _scale(folder, extent.scale, say) if extent.scale is not None else None
    remarks = scale.sizes.left_out if scale is not None else []
    return Report(command=command, machine=machine(), simulated=simulated, scale=scale, remarks=remarks)


def _simulate(folder: Path, extent: SimulationExtent, say: Callable[[str], None]) -> Simulated:
    with (
        FrozenClock(folder, _START_S) as clock,
        bench_redis(folder / "simulation", clock) as (server, client),
        opened(server.target, clock) as records,
    ):
        bench = Bench(records=records, client=client, clock=clock, say=say)
        forecasts = measure_forecasts(bench, extent.shape, extent.seeds)
        takeover = measure_takeover(bench, accounts=extent.accounts, good=extent.good, longest=extent.bad, seed=1)
        flags = measure_flags(bench, sizes=(200, 1_000, 10_000), senders=extent.senders, seed=1)
    return Simulated(forecasts=forecasts, takeover=takeover, flags=flags)


def _scale(folder: Path, extent: ScaleExtent, say: Callable[[str], None]) -> Scale:
    memory = measure_memory(folder, extent.memory, say)
    senders = Senders(extent.senders)
    with bench_redis(folder / "rates") as (server, client):
        fill(client, senders.all(), time.time())
        rates = []
        for way, processes in product(Way, extent.processes):
            say(f"rates: {way.value}, {processes} at once")
            found = [
                measure_rate(server, client, senders, way=way, processes=processes, messages=extent.rate_messages)
                for _ in range(extent.rate_rounds)
            ]
            rates.append(max(found, key=lambda rate: rate.per_second))
        say("stage")
        stage = measure_stage(server.target, senders, messages=extent.rate_messages, rounds=extent.rate_rounds, seed=1)
    sizes = measure_sizes(folder, extent.sizes, messages=extent.messages, rounds=extent.rounds, say=say)
    return Scale(memory=memory, rates=rates, stage=stage, sizes=sizes)
