# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.quality.guide import with_figures
from tests.bench.reputation.crowd import Rate, Way
from tests.bench.reputation.false_flags import RULES, Flagged
from tests.bench.reputation.forecasts import OURS, Forecasts
from tests.bench.reputation.goals import outcomes
from tests.bench.reputation.memory import KindMemory
from tests.bench.reputation.noticed import Noticed
from tests.bench.reputation.report import Report, Scale, Simulated
from tests.bench.reputation.sizes import SizeRates
from tests.bench.reputation.stage_cost import StageCost
from tests.bench.reputation.tables import report_tables
from tests.bench.reputation.takeover import BUSY, Takeover
from tests.bench.tables import as_markdown, as_text

_GUIDE = Path(__file__).parents[3] / "docs" / "reputation-figures.md"


def _rate(identities: int, redis_us: float, way: Way = Way.PREPARED) -> Rate:
    return Rate(
        way=way, processes=1, identities=identities, messages=100, per_second=6_000.0, redis_us=redis_us,
        asking_us=20.0, read_p50_us=30.0, read_p99_us=90.0,
    )  # fmt: skip


@pytest.fixture
def report() -> Report:
    forecasts = Forecasts(messages=2, bad=1, addresses=1)
    forecasts.methods[OURS].note(0, 0.2, is_bad=False)
    forecasts.methods[OURS].note(1, 0.4, is_bad=True)
    takeover = Takeover(
        accounts=3,
        good=10,
        methods=[Noticed(method=BUSY, messages=(4, 9, 21)), Noticed(method="theirs", messages=(None, 900, None))],
        honest=3,
        false_alarms=0,
        courses={BUSY: [0.0, 0.4]},
    )
    flags = [
        Flagged(rule=rule.name, messages=200, needed=1, honest=0.01, honest_in_store=0.01, bad=1.0) for rule in RULES
    ]
    scale = Scale(
        memory=[KindMemory(kind="ip", identities=10, key_octets=14.0, bytes_each=181.0, per_second=9.0)],
        rates=[_rate(10, 100.0)],
        stage=StageCost(parts=(("asking", 120.0), ("teaching", 60.0))),
        sizes=SizeRates(rates=[_rate(10, 100.0), _rate(10, 400.0, Way.WORKER), _rate(1_000, 120.0)], left_out=[]),
    )
    simulated = Simulated(forecasts=forecasts, takeover=takeover, flags=flags)
    return Report(command="make reputation-bench", machine="a machine", simulated=simulated, scale=scale)


def test_goals_are_held_against_what_was_measured(report: Report) -> None:
    found = {each.words: each for each in outcomes(report)}
    assert found["Brier score with 0 own messages"].is_met
    assert not found["Brier score with 1-2 own messages"].is_met
    # Nothing was measured of these.
    assert not found["Brier score with 50+ own messages"].is_met
    assert found[f"bad messages until the last account was noticed: {BUSY}"].value == 21
    assert not found["bytes an identity of 10: ip"].is_met
    assert found["CPU of a worker a message, ms"].value == pytest.approx(0.18)
    assert found["CPU of Redis a message at 1,000 identities, of 10"].value == pytest.approx(1.2)


def test_every_table_can_be_written_in_both_ways(report: Report) -> None:
    for table in report_tables(report).values():
        assert all(len(row) == len(table.head) for row in table.rows)
        assert table.rows[0][0] in as_text(table)
        assert table.rows[0][0] in as_markdown(table)


def test_the_guide_has_a_place_for_every_table(report: Report) -> None:
    written = with_figures(_GUIDE.read_text(), report_tables(report))
    assert "| theirs | - | - | - |" in written
