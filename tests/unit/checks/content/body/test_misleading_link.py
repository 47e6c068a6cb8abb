# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.misleading_link import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://evil.example/login", "https://www.bank.test/login"),
        ("https://bank.test.evil.example/", "www.bank.test"),
        ("http://203.0.113.9/x", "http://bank.test"),
        ("https://bank.test@evil.example/", "https://bank.test/ "),
    ],
)
def test_another_site_is_shown(url, shown):
    message = anchor(url, shown)
    assert found(CHECK, message) == ["LINK_SHOWS_OTHER_SITE"]
    assert "bank.test" in next(iter(CHECK.find(message))).detail


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://login.bank.test/", "https://www.bank.test/"),
        ("https://www.shop.example.co.uk/", "https://example.co.uk/shop"),
        ("https://bank.co.uk/", "https://www.bank.com"),
        ("https://clicks.mailer.test/ls/click", "Click here"),
        ("https://clicks.mailer.test/ls/click", "Booking.com"),
        ("https://clicks.mailer.test/ls/click", "Node.js 26"),
        ("https://www.long.example/a/b/c", "https://www.long.exa..."),
        ("https://www.long.example/a/b/c", "https://www.long.exa…"),
        ("https://eur01.safelinks.protection.outlook.com/?url=x", "https://www.bank.test/"),
        ("https://sender.example/go?x", "https://www.bank.test/"),
        ("mailto:info@sender.example", "www.bank.test"),
    ],
)
def test_near_misses(url, shown):
    assert found(CHECK, anchor(url, shown)) == []


@pytest.mark.parametrize(("status", "names"), [(DmarcStatus.PASS, []), (DmarcStatus.FAIL, ["LINK_SHOWS_OTHER_SITE"])])
def test_an_author_may_count_the_clicks_on_his_own_site(status, names):
    message = anchor("https://clicks.mailer.test/x", "www.sender.example", dmarc=DmarcResult(status=status))
    assert found(CHECK, message) == names
