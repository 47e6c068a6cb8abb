# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.address_link import CHECK
from tests.unit.checks.content.body.attaching import anchor, plain
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://8.8.4.4/paypal/", ["LINK_IP_ADDRESS"]),
        ("https://8.8.4.4:8443", ["LINK_IP_ADDRESS"]),
        ("http://www.bank.test@8.8.4.4/", ["LINK_IP_ADDRESS"]),
        ("http://[2001:4860:4860::8888]/x", ["LINK_IP_ADDRESS"]),
        ("http://134743044/x", ["LINK_IP_ADDRESS", "LINK_IP_DISGUISED"]),
        ("http://0x08080404/x", ["LINK_IP_ADDRESS", "LINK_IP_DISGUISED"]),
        ("http://010.010.04.04/x", ["LINK_IP_ADDRESS", "LINK_IP_DISGUISED"]),
        ("http://bank.test@134743044/x", ["LINK_IP_ADDRESS", "LINK_IP_DISGUISED"]),
    ],
)
def test_links_without_a_name(url, names):
    assert found(CHECK, anchor(url)) == names


@pytest.mark.parametrize("url", ["http://192.168.1.1/status", "http://8.8.4.4.example/", "http://host/8.8.4.4"])
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []


def test_people_write_about_addresses():
    assert found(CHECK, plain("The server answers on http://8.8.4.4/ again.")) == []


def test_a_report_that_shows_where_it_leads():
    assert found(CHECK, anchor("http://8.8.4.4:3000/d/1", "http://8.8.4.4:3000/d/1")) == []
    assert found(CHECK, anchor("http://8.8.4.4/", "8.8.8.8")) == ["LINK_IP_ADDRESS"]
