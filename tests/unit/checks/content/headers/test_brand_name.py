# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.brand_name import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    "author",
    [
        '"PayPal Service" <no-reply@secure-check.example.net>',
        '"P\u0430yP\u0430l" <x@cheap.example.net>',
        "=?utf-8?q?Amazon=2Ede?= <orders@amaz0n-order.net>",
        '"DHL Express" <parcel@track.example.net>',
        '"Microsoft 365" <admin@tenant.example.net>',
        '"Bank of America Alerts" <x9@gmail.com>',
        '"Wells Fargo" <x9@gmail.com>',
    ],
)
def test_a_firm_that_does_not_write_from_there(author):
    assert found(CHECK, letter(f"From: {author}\n\n")) == ["NAME_OF_BRAND"]


@pytest.mark.parametrize(
    "author",
    [
        '"PayPal" <service@mail.paypal.co.uk>',
        '"Amazon.de" <versand@amazon.de>',
        '"Microsoft Outlook" <postmaster@acme.onmicrosoft.outlook.com>',
        '"LinkedIn" <messages-noreply@linkedin.com>',
        # People, and what only begins like a firm.
        '"Norton, Carol via Acme" <carol@acme.example>',
        '"Norton Smith" <ns@other.example>',
        '"Amazon Conservation Fund" <news@fund.example>',
        '"Bank of Rivertown" <news@rivertown.example>',
        '"Royal Society" <news@royal.example>',
        '"Upstairs Theatre" <news@ups-tairs.example>',
        '"Carol Paypal-Fan" <carol@other.example>',
        "service@acme.example",
    ],
)
def test_others(author):
    assert found(CHECK, letter(f"From: {author}\n\n")) == []


def test_a_department_of_ours():
    assert found(CHECK, letter("From: Microsoft Admins <ms@lists.example.com>\n\n")) == []
