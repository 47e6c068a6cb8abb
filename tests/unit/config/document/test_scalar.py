# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config.document.scalar import plain_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("Yes", True),
        ("off", False),
        ("0", 0),
        ("-12", -12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("0660", "0660"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("9" * 19, "9" * 19),
        ("192.0.2.1", "192.0.2.1"),
        ("mx", "mx"),
    ],
)
def test_plain_value(text, value):
    got = plain_value(text)
    assert got == value
    assert type(got) is type(value)
