# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.patterns.comparison import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello World", "HELLO   world"),
        ("Straße", "STRASSE"),
        ("A\u0308pfel", "Äpfel"),
        ("a\u00a0b\tc\nd", "A B C D"),
        (" x ", "x"),
    ],
)
def test_what_is_compared_as_the_same(one, other):
    assert folded(one) == folded(other)


def test_accents_count():
    assert folded("Äpfel") != folded("Apfel")
