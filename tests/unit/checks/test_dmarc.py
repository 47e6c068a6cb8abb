# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.dmarc import DmarcCheck
from postward.checks.examination import Examination
from postward.dns.zone import ZoneLookup
from postward.model.dmarc import DmarcStatus
from postward.model.header import HeaderField
from postward.model.transaction import Transaction

ZONE = {"_dmarc.bank.example": [{"TXT": "v=DMARC1; p=reject"}]}


def examined(**not_checked):
    transaction = Transaction("t", started_s=0)
    transaction.fields.append(HeaderField(b"From", b" a@bank.example"))
    transaction.facts.not_checked.update(not_checked)
    DmarcCheck(frozenset()).run(Examination(transaction, ZoneLookup(ZONE), 0))
    assert transaction.facts.dmarc is not None
    return transaction.facts.dmarc


def test_fails_where_nothing_stands_for_the_author():
    assert examined().status is DmarcStatus.FAIL


@pytest.mark.parametrize("check", ["spf", "dkim"])
def test_what_could_not_be_checked_is_not_held_against_the_author(check):
    found = examined(**{check: "internal error"})
    assert (found.status, check in found.reason) == (DmarcStatus.TEMPERROR, True)


def test_other_checks_do_not_matter():
    assert examined(iprev="internal error").status is DmarcStatus.FAIL
