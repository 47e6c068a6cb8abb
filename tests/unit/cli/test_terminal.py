# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.cli.terminal import folded


def test_a_line_that_fits_stays_as_it_is():
    assert folded("  SPF      pass  example.com", 80, indent=11) == ["  SPF      pass  example.com"]


def test_a_longer_one_goes_on_below_its_text_and_breaks_between_words_only():
    assert folded("  +0.50   NAME: one two three-four " + "x" * 20, 25, indent=10) == [
        "  +0.50   NAME: one two",
        "          three-four",
        "          " + "x" * 20,
    ]


def test_where_no_terminal_reads_it_no_line_is_broken():
    assert folded("word " * 50, None, indent=4) == ["word " * 50]
