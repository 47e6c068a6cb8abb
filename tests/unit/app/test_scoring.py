# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.configuration_file import checked_configuration
from postward.app.scoring import scale_of
from postward.errors import ConfigErrors
from postward.scoring.catalogue import GROUP_CAPS, SYMBOLS


@pytest.fixture
def configured(tmp_path):
    def load(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return checked_configuration(path)

    return load


def test_without_configuration_the_defaults_hold():
    scale = scale_of(checked_configuration(None))
    assert scale.definitions == SYMBOLS
    assert scale.weight("SPF_FAIL") == SYMBOLS["SPF_FAIL"].score
    assert scale.group_caps == GROUP_CAPS


def test_weights_caps_and_composites_are_the_operators(configured):
    scale = scale_of(
        configured(
            """
scoring:
  weights: {SPF_FAIL: 0.5, SA_BAYES_99: 2}
  group_caps: {spf: 1}
  composites:
    UNSIGNED_AND_FORGED:
      {when: "DKIM_NONE & (SPF_FAIL | SPF_SOFTFAIL)", score: 1.5, meaning: "not signed.", replaces: [DKIM_NONE]}
    WORSE: {when: "UNSIGNED_AND_FORGED & DMARC_NONE", score: 1, meaning: "worse", group: spf}
"""
        )
    )
    assert (scale.weight("SPF_FAIL"), scale.weight("SA_BAYES_99"), scale.weight("WORSE")) == (0.5, 2.0, 1.0)
    assert scale.group_caps["spf"] == 1
    own = [composite for composite in scale.composites if composite.definition.name in {"UNSIGNED_AND_FORGED", "WORSE"}]
    assert [(each.definition.meaning, each.definition.group, each.replaces) for each in own] == [
        ("not signed", "composites", {"DKIM_NONE"}),
        ("worse", "spf", frozenset()),
    ]


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("A_B: {when: 'SPF_FAIL &', score: 1, meaning: x}", 3, "A_B.when", "ends where a symbol is expected"),
        ("A_B: {when: 'SPF_FALE', score: 1, meaning: x}", 3, "A_B.when", "there is no symbol SPF_FALE"),
        ("A_B: {when: SPF_FAIL, score: 1, meaning: x, replaces: [NOPE]}", 3, "A_B.replaces", "there is no symbol NOPE"),
        ("SPF_FAIL: {when: SPF_PASS, score: 1, meaning: x}", 3, "SPF_FAIL", "there is a symbol of that name"),
        ("A_B: {when: A_B, score: 1, meaning: x}", 3, "", "composites ask for each other in a circle: A_B -> A_B"),
    ],
)
def test_faults_of_composites_have_their_line(configured, text, line, key, words):
    with pytest.raises(ConfigErrors) as caught:
        configured(f"scoring:\n  composites:\n    {text}\n")
    (fault,) = caught.value.errors
    assert (fault.line, fault.key, fault.message) == (line, f"scoring.composites{'.' * bool(key)}{key}", words)


def test_a_composite_does_not_take_the_name_of_a_symbol_of_an_own_list(configured):
    with pytest.raises(ConfigErrors, match="there is a symbol of that name"):
        configured("""
dns_lists: {zones: {ours: {zone: bl.example.com, codes: {127.0.0.2: {symbol: OUR_LIST, score: 2}}}}}
scoring: {composites: {OUR_LIST: {when: SPF_FAIL, score: 1, meaning: x}}}
""")


def test_a_cap_of_no_group_is_a_fault(configured):
    with pytest.raises(ConfigErrors, match="there is no such group"):
        configured("scoring: {group_caps: {htlm: 1}}\n")


@pytest.mark.parametrize(
    "text", ["{suspect_threshold: 6}", "{reject_threshold: 4}", "{junk_threshold: 2, suspect_threshold: 2.5}"]
)
def test_thresholds_rise(configured, text):
    with pytest.raises(ConfigErrors, match=r"threshold is (higher|lower) than junk_threshold"):
        configured(f"scoring: {text}\n")


def test_a_low_junk_threshold_alone_needs_no_other(configured):
    assert configured("scoring: {junk_threshold: 2}\n").scoring.junk_threshold == 2
