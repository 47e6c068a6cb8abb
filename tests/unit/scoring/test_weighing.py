# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.errors import UsageError
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.symbol import Finding, SymbolDefinition
from postward.model.transaction import Facts
from postward.scoring.composite import Composite, in_order
from postward.scoring.expression import read_expression
from postward.scoring.scale import Scale
from postward.scoring.weighing import weigh

DEFINITIONS = {
    name: SymbolDefinition(name=name, score=score, group=group, meaning=f"{name} holds")
    for name, score, group in (
        ("A", 1.0, "html"),
        ("B", 2.0, "html"),
        ("C", 4.0, "links"),
        ("GOOD", -2.0, "html"),
        ("SPF_PASS", -0.5, "spf"),
        ("BOTH", 5.0, "composites"),
        ("MORE", 1.5, "composites"),
    )
}


def composite(name, when, *replaces):
    return Composite(definition=DEFINITIONS[name], when=read_expression(when), replaces=frozenset(replaces))


def weighed(*findings, spf=False, **scale):
    facts = Facts()
    facts.findings["content"] = findings
    if spf:
        facts.spf = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="a.example", identity="")
    return weigh(facts, Scale(definitions=DEFINITIONS, **scale))


def scores(*findings, **scale):
    return {symbol.name: symbol.score for symbol in weighed(*findings, **scale)}


def test_each_finding_counts_once_and_keeps_what_it_was_found_in():
    (symbol,) = weighed(Finding("A", "one"), Finding("A", "two"), Finding("A"))
    assert (symbol.score, symbol.detail, symbol.group, symbol.meaning) == (1.0, "one, two", "html", "A holds")


def test_a_finding_may_say_its_meaning_in_other_words():
    (symbol,) = weighed(Finding("A", words="this network: 7 messages seen"))
    assert symbol.meaning == "this network: 7 messages seen"


def test_details_do_not_grow_without_bound():
    (symbol,) = weighed(*(Finding("A", "x" * 50) for _ in range(1_000)))
    assert len(symbol.detail) <= 200


def test_authentication_comes_before_what_other_checks_have_found():
    assert list(scores(Finding("A"), spf=True)) == ["SPF_PASS", "A"]


def test_the_configuration_weighs_in_place_of_the_default():
    assert scores(Finding("A"), Finding("B"), weights={"A": 3.0, "B": 0.0}) == {"A": 3.0, "B": 0.0}


def test_what_another_scanner_counts_stands_unless_the_operator_says_otherwise():
    found = (Finding("SA_BAYES_99", "", 0.0), Finding("SPAMASSASSIN", "", 4.2))
    assert scores(*found) == {"SA_BAYES_99": 0.0, "SPAMASSASSIN": 4.2}
    assert scores(*found, weights={"SA_BAYES_99": 2.5}) == {"SA_BAYES_99": 2.5, "SPAMASSASSIN": 4.2}


def test_a_group_counts_no_more_than_its_cap():
    symbols = weighed(Finding("A"), Finding("B"), Finding("C"), group_caps={"html": 2.5})
    assert [(symbol.name, symbol.score, symbol.uncapped_score) for symbol in symbols] == [
        ("A", 1.0, None),
        ("B", 1.5, 2.0),
        ("C", 4.0, None),
    ]


def test_what_speaks_for_a_message_neither_fills_nor_widens_a_cap():
    assert scores(Finding("GOOD"), Finding("A"), Finding("B"), group_caps={"html": 2.0}) == {
        "GOOD": -2.0,
        "A": 1.0,
        "B": 1.0,
    }


def test_a_composite_is_found_where_its_condition_holds():
    both = composite("BOTH", "A & !C")
    assert scores(Finding("A"), composites=(both,)) == {"A": 1.0, "BOTH": 5.0}
    assert scores(Finding("A"), Finding("C"), composites=(both,)) == {"A": 1.0, "C": 4.0}


def test_what_a_composite_stands_for_counts_for_nothing():
    symbols = weighed(Finding("A"), Finding("C"), composites=(composite("BOTH", "A & C", "A", "B"),))
    assert [(symbol.name, symbol.score, symbol.uncapped_score) for symbol in symbols] == [
        ("A", 0.0, 1.0),
        ("C", 4.0, None),
        ("BOTH", 5.0, None),
    ]


def test_composites_may_ask_for_each_other_whatever_their_order():
    ordered = in_order((composite("MORE", "BOTH & A"), composite("BOTH", "A | B")))
    assert [each.definition.name for each in ordered] == ["BOTH", "MORE"]
    assert scores(Finding("A"), composites=ordered) == {"A": 1.0, "BOTH": 5.0, "MORE": 1.5}


def test_composites_that_ask_in_a_circle_are_refused():
    with pytest.raises(UsageError, match="in a circle: "):
        in_order((composite("MORE", "BOTH"), composite("BOTH", "MORE | A")))
