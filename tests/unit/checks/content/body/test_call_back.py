# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.call_back import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found

TEXT = """Dear customer, your Norton subscription has been renewed and $399.99 will be charged to your account today.
If you want to cancel or get a refund, call our helpdesk at {number}."""


@pytest.mark.parametrize("number", ["+1 (888) 555-0123", "1-833-555-0123", "808 555 0123", "805-555-O123"])
def test_a_bill_for_nothing(number):
    assert found(CHECK, plain(TEXT.format(number=number))) == ["TEXT_CALL_BACK"]


def test_the_company_itself():
    assert found(CHECK, plain(TEXT.format(number="888-555-0123"), author="Norton <no-reply@norton.com>")) == []


def test_near_misses():
    assert found(CHECK, plain(TEXT.format(number="www.norton.com"))) == []
    assert found(CHECK, plain("Call me at 888-555-0123 about the invoice from our printer, to cancel it.")) == []
    assert found(CHECK, plain(TEXT.format(number="order 48885550123999"))) == []
