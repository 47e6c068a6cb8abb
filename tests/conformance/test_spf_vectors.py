# SPDX-License-Identifier: GPL-3.0-or-later
"""The SPF vectors, through the whole program."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.conformance.scanning import scan_json

SCENARIOS = [
    (name, test, scenario["zonedata"])
    for file in ("vectors/spf_extra.yml", "vectors/spf_traps.yml", "suites/rfc7208/rfc7208-tests.yml")
    for scenario in yaml.load_all((Path(__file__).parents[1] / file).read_text(encoding="utf-8"), yaml.BaseLoader)
    for name, test in scenario["tests"].items()
]


@pytest.mark.parametrize(("name", "test", "zone"), SCENARIOS, ids=[name for name, *_ in SCENARIOS])
def test_scan_gives_the_preferred_result(tmp_path, name, test, zone):
    options = ["--ip", str(test["host"]), "--helo", test["helo"], "--mail-from", test["mailfrom"]]
    report = scan_json(tmp_path, b"From: a@b.example\r\n\r\nx\r\n", zone, *options)
    expected = test["result"] if isinstance(test["result"], str) else test["result"][0]
    assert report["spf"]["result"] == expected
