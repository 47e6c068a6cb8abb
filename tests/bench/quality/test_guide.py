# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures in a guide."""

from __future__ import annotations

import pytest

from tests.bench.quality.guide import GUIDE, with_figures
from tests.bench.tables import Table

TABLE = Table(title="Scores", head=("", "messages"), rows=(("spam", "7"),))


def test_figures_replace_what_stood_between_their_marks() -> None:
    text = "Before\n\n<!-- scores -->\nold\n<!-- end of scores -->\n\nAfter\n"
    written = with_figures(text, {"scores": TABLE})
    assert written == (
        "Before\n\n<!-- scores -->\n\n|  | messages |\n| --- | ---: |\n| spam | 7 |\n\n"
        "<!-- end of scores -->\n\nAfter\n"
    )
    assert with_figures(written, {"scores": TABLE}) == written


def test_a_guide_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="scores"):
        with_figures("<!-- scores -->\n", {"scores": TABLE})


def test_the_guide_has_a_place_for_both_tables() -> None:
    assert with_figures(GUIDE.read_text(encoding="utf-8"), {"scores": TABLE, "symbols": TABLE})
