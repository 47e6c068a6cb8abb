# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.symbol_listing import list_caps, list_symbols
from postward.cli.symbols_text import symbols_text
from postward.config import load

COMPOSITE = """\
scoring:
  composites:
    FORGED_AND_UNSIGNED:
      when: DMARC_FAIL_NONE & !(DKIM_PASS | SPF_PASS) & !(ARC_PASS | DMARC_ARC_OVERRIDE)
      score: 1.5
      meaning: nobody vouches for the author's domain
      replaces: [DKIM_NONE]
"""


@pytest.fixture
def told(tmp_path):
    """The lines of the table at this width, with this configuration."""

    def tell(width, configuration=""):
        path = tmp_path / "postward.yaml"
        path.write_text(configuration)
        config = load(path)
        return list(symbols_text(list_symbols(config), list_caps(config), width))

    return tell


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal_and_meanings_go_on_in_their_column(told, width):
    lines = told(width, COMPOSITE)
    assert max(map(len, lines)) <= width
    column = lines[0].index("meaning")
    first = next(number for number, line in enumerate(lines) if " SPF_FAIL " in line)
    if width == 80:
        assert lines[first + 1][:column].isspace()
        assert not lines[first + 1][column].isspace()
    whole = " ".join(" ".join(lines).split())
    assert "when DMARC_FAIL_NONE & !(DKIM_PASS | SPF_PASS) & !(ARC_PASS | DMARC_ARC_OVERRIDE); then" in whole


def test_where_no_terminal_reads_it_each_symbol_has_one_line(told):
    lines = told(None)
    (spf,) = (line for line in lines if " SPF_FAIL " in line)
    assert spf.endswith("the envelope sender's domain says that the client may not send for it")


def test_in_a_terminal_too_narrow_for_columns_meanings_are_not_folded(told):
    assert {line for line in told(40) if " SPF_FAIL " in line} == {line for line in told(None) if " SPF_FAIL " in line}


def test_other_scanners_count_a_share_unless_they_are_given_a_weight(told):
    weights = {line.split()[1]: line.split()[0] for line in told(None) if line.count("  ") > 2}
    assert (weights["SPAMASSASSIN"], weights["RSPAMD"], weights["VIRUS"]) == ("share", "share", "+10.00")
    (fixed,) = (line for line in told(None, "scoring: {weights: {RSPAMD: 2}}\n") if " RSPAMD " in line)
    assert fixed.split()[:3] == ["+2.00", "RSPAMD", "configuration"]
