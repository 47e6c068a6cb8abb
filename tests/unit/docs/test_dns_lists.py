# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/dns-lists.md lists the presets as they are."""

from __future__ import annotations

import re
from pathlib import Path

from postward.dns_lists.presets.all_presets import PRESETS

TEXT = (Path(__file__).parents[3] / "docs" / "dns-lists.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| `(\w+)` \| `([\w.-]+)` \| [^|]+ \| ([^|]+) \|")
WEIGHT = re.compile(r"`([A-Z0-9_]+)` (-?[\d.]+)")


def test_each_preset_stands_there_with_its_zone():
    rows = {name: zone for name, zone, _says in ROW.findall(TEXT)}
    assert rows == {name: zone.zone.replace("{key}", "KEY") for name, zone in PRESETS.items()}


def test_the_weights_of_all_symbols_stand_there():
    documented = {name: float(weight) for name, weight in WEIGHT.findall(TEXT)}
    expected = {symbol.name: symbol.score for zone in PRESETS.values() for symbol in zone.symbols}
    assert documented == expected
