# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.redirecting_link import CHECK
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?q=https://evil.example/&sa=D",
        "https://google.com/amp/s/evil.example%2Fx",
        "https://www.bing.com/ck/a?!&&u=a1aHR0cHM&ntb=1&x=https://evil.example",
        "https://adclick.g.doubleclick.net/pcs/click?adurl=//evil.example",
        "http://rd.yahoo.com/*http://evil.example/",
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fevil.example",
    ],
)
def test_over_a_site_that_leads_anywhere(url):
    assert found(CHECK, anchor(url)) == ["LINK_OPEN_REDIRECT"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search?q=https://example.com",
        "https://www.youtube.com/watch?v=abc",
        "https://www.google.com/url",
        "https://google.com.evil.example/url?q=https://evil.example/",
        "https://shop.example/url?q=https://shop.example/",
    ],
)
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []
