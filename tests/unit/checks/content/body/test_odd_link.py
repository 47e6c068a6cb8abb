from __future__ import annotations

import pytest

from postward.checks.content.body.odd_link import CHECK
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://evil.example:6180/x", ["LINK_ODD_PORT"]),
        ("https://www.bank.test@evil.example/", ["LINK_USER_NAME"]),
        ("http://%65vil.example/x", ["LINK_ENCODED_HOST"]),
        ("http://www.bank.test%2Flogin@%65vil.example:81/", ["LINK_ODD_PORT", "LINK_USER_NAME", "LINK_ENCODED_HOST"]),
    ],
)
def test_hosts_that_are_hard_to_see(url, names):
    assert found(CHECK, anchor(url)) == names


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example:443/x",
        "http://shop.example:8080/",
        "https://medium.example/@alice",
        "https://shop.example/a%20b?c=%2F",
        "https://shop.example?mail=bob%40example.com",
    ],
)
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []
