# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reference is what the program is; CONTRIBUTING.md has the command that makes it anew."""

from __future__ import annotations

import re

import pytest

from postward.config.description import described
from postward.observability.families import FAMILIES
from postward.scoring.catalogue import SYMBOLS
from tests.unit.packaging.generating import ROOT, generate

SHIPPED = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return generate("reference", tmp_path_factory.mktemp("reference"))


def test_the_pages_are_up_to_date(pages):
    shipped = {path.name: path.read_text(encoding="utf-8") for path in SHIPPED.iterdir()}
    assert shipped == pages


def test_the_configuration_file_is_made_by_the_same_command(tmp_path):
    shipped = (ROOT / "conf" / "postward.yaml").read_text(encoding="utf-8")
    assert generate("configuration", tmp_path) == {"postward.yaml": shipped}


def first_cells(text):
    return re.findall(r"(?m)^\| `([^`]+)` \|", text)


def test_every_key_symbol_and_metric_is_there_once(pages):
    keys = [".".join(item.path) for item in described() if not item.is_section]
    assert sorted(first_cells(pages["configuration.md"])) == sorted(keys)
    assert sorted(first_cells(pages["symbols.md"])) == sorted(SYMBOLS)
    metrics = [name for name in first_cells(pages["metrics.md"]) if name in FAMILIES]
    assert metrics == list(FAMILIES)


def test_every_row_of_a_table_has_as_many_cells_as_its_head(pages):
    for name, text in pages.items():
        columns = 0
        for line in text.splitlines():
            bars = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            columns = columns if columns and bars else bars
            assert bars == columns, (name, line)


def test_every_value_of_a_label_is_told(pages):
    for label in {label for family in FAMILIES.values() for label in family.labels if label.values is not None}:
        assert f"| {', '.join(sorted(label.values))} |" in pages["metrics.md"]
