# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.active_link import CHECK
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("javascript:location='https://evil.example/'", ["LINK_SCRIPT"]),
        (" JavaScript:alert(1)", ["LINK_SCRIPT"]),
        ("vbscript:MsgBox(1)", ["LINK_SCRIPT"]),
        ("data:text/html;base64,PGgxPkxvZ2luPC9oMT4=", ["LINK_DATA"]),
    ],
)
def test_links_that_are_no_address(url, names):
    assert found(CHECK, anchor(url)) == names


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("javascript:void(0)", "x"),
        ("javascript:;", "x"),
        ("javascript:", "x"),
        ("#top", "x"),
        ("https://shop.example/?q=javascript:alert(1)", "x"),
        ("https://shop.example/", '<img src="data:image/png;base64,iVBORw0KGgo=">'),
    ],
)
def test_near_misses(url, shown):
    assert found(CHECK, anchor(url, shown)) == []
