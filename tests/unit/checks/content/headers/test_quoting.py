# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.headers.quoting import shown


def test_one_short_line():
    assert shown("a\r\nb\x1b\u202ec") == "a??b??c"
    assert shown(b"a\xff") == "a\\xff"
    assert len(shown("x" * 500)) == 80
    assert len(shown(b"\xff" * 500)) == 80
