# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.sales_talk import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_an_advertisement():
    text = "Act now! This limited-time offer is RISK FREE, with no obligation, and a money-back guarantee."
    assert found(CHECK, plain(text)) == ["TEXT_SALES_TALK"]


@pytest.mark.parametrize(
    "text",
    [
        "The delivery is guaranteed for Monday. I will order it now and call you.",
        "There is no risk in it, I think. Buy it now or later.",
    ],
)
def test_near_misses(text):
    assert found(CHECK, plain(text)) == []
