# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from itertools import pairwise

import pytest

from postward.observability.families import FAMILIES
from tests.unit.packaging.dashboard_file import DASHBOARD, PANELS, PATH, TARGETS
from tests.unit.packaging.generating import generate
from tests.unit.packaging.promql import faults, metrics_in


def test_it_is_up_to_date(tmp_path):
    assert generate("monitoring", tmp_path) == {PATH.name: PATH.read_text(encoding="utf-8")}


@pytest.mark.parametrize("target", TARGETS)
def test_each_expression_names_what_exists(target):
    assert faults(target["expr"], target["legendFormat"]) == []
    assert 'instance=~"$instance"' in target["expr"]


def test_every_metric_has_a_panel():
    shown = {name for panel in PANELS for target in panel["targets"] for name in metrics_in(target["expr"])}
    assert shown == set(FAMILIES)


def test_no_panel_lies_over_another_and_none_sticks_out():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert taken.isdisjoint(cells), panel["title"]
        assert all(x < 24 for x, _ in cells), panel["title"]
        taken |= cells


def test_numbers_are_given_once_and_every_panel_says_what_it_shows():
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert all(one < other for one, other in pairwise(numbers))
    assert all(panel["title"] and panel["description"].endswith(".") for panel in PANELS)


def test_panels_ask_the_prometheus_that_is_chosen():
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert names == {"datasource", "instance"}
    for panel in PANELS:
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}
