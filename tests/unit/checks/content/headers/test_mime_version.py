# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.mime_version import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Content-Type: text/html\n", ["MIME_VERSION_MISSING"]),
        ("Content-Type: multipart/mixed; boundary=b\n", ["MIME_VERSION_MISSING"]),
        ("Mime-Version: 1.0\nContent-Type: text/html\n", []),
        ("Content-Type: Text/Plain; charset=utf-8\n", []),
        ("Subject: x\n", []),
    ],
)
def test_mime_version(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names
