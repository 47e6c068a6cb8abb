# SPDX-License-Identifier: GPL-3.0-or-later
"""No check weighs more than what it finds in good mail allows; see docs/quality.md."""

from __future__ import annotations

import pytest

from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.scoring.default_composites import DEFAULT_COMPOSITES
from postward.scoring.expression import names_in
from tests.bench.quality.hit_rates import Counts, read_rates
from tests.bench.quality.weight_rule import greatest_weight, least_weight

RATES = read_rates()
CONTENT = {symbol.name: symbol for check in (*HEADER_CHECKS, *BODY_CHECKS) for symbol in check.symbols}
COMPOSITES = {
    composite.definition.name: composite.definition
    for composite in DEFAULT_COMPOSITES
    if names_in(composite.when) <= CONTENT.keys()
}
"""Those of content alone; what authentication makes of a message is not measured by that corpus."""
NEVER_MEASURED = Counts()


@pytest.mark.parametrize("name", [*CONTENT, *COMPOSITES])
def test_a_weight_is_within_what_the_hit_rates_allow(name: str) -> None:
    weight = (CONTENT | COMPOSITES)[name].score
    hits = RATES.symbols.get(name, NEVER_MEASURED)
    least, greatest = least_weight(hits, RATES.totals), greatest_weight(hits, RATES.totals)
    assert least <= weight <= greatest, f"{hits} of {RATES.totals}"


def test_every_symbol_of_content_has_been_measured() -> None:
    assert CONTENT.keys() | COMPOSITES.keys() <= RATES.symbols.keys(), "make quality ARGS=--update"


def test_no_unmeasured_symbol_weighs_more_than_half_a_point() -> None:
    seldom = [name for name in CONTENT if RATES.symbols.get(name, NEVER_MEASURED).all == 0]
    assert [name for name in seldom if abs(CONTENT[name].score) > 0.5] == []


def test_the_corpus_is_large_enough_to_tell_one_ham_message_in_a_thousand() -> None:
    assert RATES.totals.easy_ham + RATES.totals.hard_ham > 3_000
    assert RATES.totals.spam > 1_000
