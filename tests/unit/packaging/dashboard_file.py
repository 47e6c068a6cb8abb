# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboard as it is shipped."""

from __future__ import annotations

import json

import pytest

from tests.unit.packaging.generating import ROOT

PATH = ROOT / "packaging" / "monitoring" / "grafana-dashboard.json"
DASHBOARD = json.loads(PATH.read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [
    pytest.param(target, id=f"{panel['title']} {target['refId']}") for panel in PANELS for target in panel["targets"]
]
