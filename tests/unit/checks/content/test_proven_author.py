# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.proven_author import is_author_proven
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from tests.unit.checks.content.letters import letter

TEXT = "From: Alice <alice@news.sender.example>\n\nHello\n"


def signed(domain, status=DkimStatus.PASS, **options):
    return (DkimResult(status=status, domain=domain, selector="s", **options),)


def dmarc(status):
    return DmarcResult(status=status)


SPF = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="", identity="")
NO_RECORD = dmarc(DmarcStatus.NONE)


@pytest.mark.parametrize(
    "facts",
    [
        {"dmarc": dmarc(DmarcStatus.PASS)},
        {"dmarc": NO_RECORD, "dkim": signed("sender.example")},
        {"dmarc": NO_RECORD, "spf": SPF, "dkim": ()},
    ],
)
def test_an_author_who_is_who_he_says(facts):
    assert is_author_proven(letter(TEXT, sender="bounce@mail.sender.example", **facts))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"dmarc": NO_RECORD, "dkim": signed("other.example"), "spf": SPF},
        {"dmarc": NO_RECORD, "dkim": signed("sender.example", DkimStatus.FAIL)},
        {"dmarc": NO_RECORD, "dkim": signed("sender.example", unsigned_bytes=10)},
        {"dmarc": dmarc(DmarcStatus.FAIL), "dkim": signed("sender.example")},
    ],
)
def test_an_author_whom_nobody_confirms(facts):
    assert not is_author_proven(letter(TEXT, sender="bounce@other.example", **facts))


def test_two_authors():
    text = "From: a@sender.example, b@bank.example\n\nHello\n"
    assert not is_author_proven(letter(text, dmarc=NO_RECORD, dkim=signed("sender.example")))
