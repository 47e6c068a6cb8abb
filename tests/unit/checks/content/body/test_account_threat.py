# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.account_threat import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.body.attaching import html, plain
from tests.unit.checks.content.letters import found

TEXT = (
    "Dear user, your mailbox storage limit is reached. Please verify your account within 24 hours to avoid "
    'suspension and keep your incoming messages: <a href="{url}">Verify</a>'
)


@pytest.mark.parametrize("status", list(DmarcStatus))
def test_a_link_to_somebody_else(status):
    message = html(TEXT.format(url="https://evil.example/owa"), dmarc=DmarcResult(status=status))
    assert found(CHECK, message) == ["TEXT_ACCOUNT_THREAT"]


@pytest.mark.parametrize(("status", "names"), [(DmarcStatus.PASS, []), (DmarcStatus.FAIL, ["TEXT_ACCOUNT_THREAT"])])
def test_the_site_itself(status, names):
    message = html(TEXT.format(url="https://login.sender.example/"), dmarc=DmarcResult(status=status))
    assert found(CHECK, message) == names


def test_near_misses():
    assert found(CHECK, plain(TEXT.format(url="https://evil.example/"))) == []
    link = '<a href="https://shop.example/">Shop</a>'
    assert found(CHECK, html(f"Your parcel comes within 24 hours. Please confirm your address. {link}")) == []
