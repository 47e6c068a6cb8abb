# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.domain_above import domain_above


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("example.com", "example.com"),
        ("a.b.example.com", "b.example.com"),
        ("c.example.com", "example.com"),
        ("notexample.com", ""),
        ("com", ""),
        ("", ""),
    ],
)
def test_the_nearest_one_counts(name, expected):
    assert domain_above(name, {"example.com", "b.example.com"}) == expected


def test_where_there_is_none_there_is_none_above():
    assert domain_above("example.com", frozenset()) == ""
