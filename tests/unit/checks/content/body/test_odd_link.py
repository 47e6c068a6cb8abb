# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.odd_link import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
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


@pytest.mark.parametrize(
    "url",
    [
        "http://10.1.2.3:3000/alerting/1",
        "http://[fd00::7]:9090/graph",
        "http://nas:5000/",
        "https://pve.lan:8006/",
        "https://git.example.com:8929/",
        "https://www.sender.example%20/",
    ],
)
def test_devices_and_sites_of_ours(url):
    assert found(CHECK, anchor(url)) == []


def test_a_port_that_the_reader_sees():
    assert found(CHECK, anchor("http://status.example:3000/d/1", "http://status.example:3000/d/1")) == []


def test_the_site_of_an_author_who_is_who_he_says():
    url = "https://git.sender.example:8929/acme"
    assert found(CHECK, anchor(url, dmarc=DmarcResult(status=DmarcStatus.PASS))) == []
    assert found(CHECK, anchor(url)) == ["LINK_ODD_PORT"]
