# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.reputation import Evidence
from postward.reputation.label import LabelSettings, label

USUAL = LabelSettings()


@pytest.mark.parametrize(("score", "probability"), [(3.0, 0.3), (4.0, 0.5), (5.0, 0.7)])
def test_between_suspect_and_junk_a_message_may_be_either(score, probability):
    assert USUAL.probability(score) == pytest.approx(probability)


def test_the_surer_the_score_the_more_it_teaches():
    bad = [label(score, score, USUAL).bad for score in (4.9, 5.0, 7.0, 20.0, 1e9)]
    assert bad == pytest.approx([0, 0.4, 0.854, 1, 1], abs=0.001)
    good = [label(score, score, USUAL).good for score in (3.0, 2.9, 1.0, -5.0, -1e9)]
    assert good == pytest.approx([0, 0.434, 0.854, 1, 1], abs=0.001)


@pytest.mark.parametrize("score", [3.0, 4.0, 4.99])
def test_the_grey_zone_teaches_that_a_message_came(score):
    assert label(score, score, USUAL) == Evidence(seen=1)


def test_what_is_bad_only_for_the_policy_of_its_author_teaches_nothing():
    assert label(0.0, 6.0, USUAL) == Evidence(seen=1)
    assert label(6.0, 12.0, USUAL).bad > 0.6


def test_without_a_grey_zone_everything_is_either():
    none = LabelSettings(suspect_threshold=5, junk_threshold=5)
    assert label(5.0, 5.0, none).bad == pytest.approx(1)
    assert label(4.9, 4.9, none).good == pytest.approx(1)
