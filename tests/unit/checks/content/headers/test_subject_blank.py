# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.subject_blank import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("From: alice@sender.example\n", ["SUBJECT_MISSING"]),
        ("Subject:\n", ["SUBJECT_BLANK"]),
        ("Subject: =?utf-8?q?_?=\n", ["SUBJECT_BLANK"]),
        ("Subject: -\n", []),
        ("Subject: Hello\n", []),
    ],
)
def test_subject(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names
