# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/scoring.md says is what Postward takes and does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postward.app.configuration_file import checked_configuration
from postward.app.symbol_listing import Origin, list_symbols
from postward.config import load
from postward.scoring.catalogue import SYMBOLS

GUIDE = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")
COMPOSITE, CHANGES, DOMAIN = re.findall(r"(?ms)^```yaml\n(.*?)^```$", GUIDE)
# Rules give their points without a declaration, and composites may be none by default.
UNDECLARED_GROUPS = {"rules"}


@pytest.fixture
def configured(tmp_path):
    """A configuration with these lines, and the domain of the guide."""
    (tmp_path / "domains.d").mkdir()
    (tmp_path / "domains.d" / "example.com.yaml").write_text(DOMAIN, encoding="utf-8")

    def write(lines):
        path = tmp_path / "postward.yaml"
        path.write_text(f"directory: {{domains_dir: {tmp_path}/domains.d}}\n{lines}", encoding="utf-8")
        return checked_configuration(path)

    return write


def test_the_composite(configured):
    (line,) = (line for line in list_symbols(configured(COMPOSITE)) if line.name == "FORGED_AND_UNSIGNED")
    assert (line.weight, line.group, line.origin) == (1.5, "composites", Origin.CONFIGURATION)
    assert line.when == "DMARC_FAIL_NONE & !(DKIM_PASS | SPF_PASS)"


def test_the_changes(configured):
    config = configured(CHANGES)
    lines = {line.name: line for line in list_symbols(config, "example.com")}
    assert (lines["SA_BAYES_99"].weight, lines["SA_BAYES_99"].origin) == (1.5, Origin.CONFIGURATION)
    assert (lines["SPF_SOFTFAIL"].weight, lines["SPF_SOFTFAIL"].origin) == (0.0, Origin.DOMAIN)
    assert (config.scoring.junk_threshold, config.scoring.reject_threshold) == (6, 15)


def test_the_thresholds_are_those_that_hold_by_default():
    scoring = load(None).scoring
    assert f"`scoring.suspect_threshold` ({scoring.suspect_threshold:g})" in GUIDE
    assert f"`scoring.junk_threshold` ({scoring.junk_threshold:g})" in GUIDE
    assert scoring.reject_threshold is None


def test_every_group_is_told():
    table = GUIDE.partition("| group | about |")[2].partition("\n\n")[0]
    told = {name for row in table.splitlines() if row for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}
    assert told - UNDECLARED_GROUPS >= {symbol.group for symbol in SYMBOLS.values()}
    assert told >= UNDECLARED_GROUPS
