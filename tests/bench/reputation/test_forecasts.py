# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from tests.bench.reputation.forecasts import EWMA, FLAT, OURS, RATIO, Bench, Forecasts, measure_forecasts
from tests.bench.reputation.frozen_clock import FrozenClock
from tests.bench.reputation.opened import opened
from tests.bench.reputation.population import Shape
from tests.bench.reputation.report import ALL_GROUPS
from tests.bench.reputation.server import bench_redis
from tests.mailhost.scratch import Scratch

_SHAPE = Shape(systems=3, networks=2.0, addresses=2.0, most_messages=20)


def _run() -> Forecasts:
    with (
        Scratch() as folder,
        FrozenClock(folder, 1_800_000_000.0) as clock,
        bench_redis(folder / "redis", clock) as (server, client),
        opened(server.target, clock) as records,
    ):
        bench = Bench(records=records, client=client, clock=clock, say=lambda _: None)
        return measure_forecasts(bench, _SHAPE, [1, 2])


def test_a_simulation_gives_the_same_figures_each_time() -> None:
    first, second = _run(), _run()
    assert first == second
    assert first.addresses == first.methods[OURS].counts["0"]
    for name in (OURS, FLAT, RATIO, EWMA):
        assert first.methods[name].counts["all"] == first.messages
        assert all(0 <= (first.methods[name].score(group) or 0) <= 1 for group in ALL_GROUPS)
    # Of an address that nobody has seen before the levels above it say something, and a flat mean nothing.
    assert first.methods[OURS].score("0") != first.methods[FLAT].score("0")
