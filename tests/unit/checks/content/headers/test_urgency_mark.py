# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.urgency_mark import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("X-Priority: 1 (Highest)", ["MARKED_URGENT"]),
        ("Importance: High", ["MARKED_URGENT"]),
        ("Priority: urgent", ["MARKED_URGENT"]),
        ("X-Priority: 3", []),
        ("X-Priority: 10", []),
        ("Importance: normal", []),
        ("Priority: non-urgent", []),
        ("Subject: urgent", []),
    ],
)
def test_priority(field, names):
    assert found(CHECK, letter(f"{field}\n\n")) == names
