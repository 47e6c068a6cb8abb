# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest

from postward.checks.examination import Examination
from postward.checks.runner import run_checks
from postward.dns.zone import ZoneLookup
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.origin import Direction, Origin
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.transaction import Transaction


class Broken:
    name = "broken"
    requires = ()

    def applies(self, origin):
        return True

    def run(self, examination):
        raise ZeroDivisionError


class Works(Broken):
    name = "works"

    def run(self, examination):
        examination.transaction.facts.iprev = IprevResult(status=IprevStatus.PASS)


class Elsewhere(Works):
    name = "elsewhere"

    def applies(self, origin):
        return False


class Asks(Works):
    name = "asks"

    def begin(self, examination):
        pass

    def give_up(self, transaction, reason):
        transaction.facts.scans[self.name] = ScanResult(status=ScanStatus.FAILED, reason=reason, defers=True)


class BrokenAtOnce(Asks):
    def begin(self, examination):
        raise ZeroDivisionError


class BrokenLater(Asks):
    def run(self, examination):
        raise ZeroDivisionError


class BrokenAltogether(BrokenLater):
    def give_up(self, transaction, reason):
        raise ZeroDivisionError


def examined(*checks):
    transaction = Transaction("t", started_s=0)
    transaction.origin = Origin(direction=Direction.INBOUND, reason="", client=None, helo="")
    ticks = iter(range(100))
    run_checks(checks, Examination(transaction, ZoneLookup({}), 0), clock=lambda: next(ticks))
    return transaction


def test_a_check_that_fails_is_noted_and_the_next_one_runs(caplog):
    transaction = examined(Broken(), Works())
    assert transaction.facts.not_checked == {"broken": "internal error"}
    assert transaction.facts.iprev is not None
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("check", [BrokenAtOnce(), BrokenLater()])
def test_what_follows_from_having_no_answer_follows_from_a_failure_too(check):
    facts = examined(check, Works()).facts
    assert facts.scans == {"asks": ScanResult(status=ScanStatus.FAILED, reason="internal error", defers=True)}
    assert facts.not_checked == {"asks": "internal error"}


def test_not_even_that_costs_the_others_anything():
    facts = examined(BrokenAltogether(), Works()).facts
    assert facts.not_checked == {"asks": "internal error"}
    assert facts.iprev is not None


def test_what_is_collected_last_is_begun_first():
    begun = []

    class Begun(Asks):
        def __init__(self, name):
            self.name = name

        def begin(self, examination):
            begun.append(self.name)

    assert list(examined(Begun("lists"), Works(), Begun("scanner")).stage_ms) == ["lists", "works", "scanner"]
    assert begun == ["scanner", "lists"]


def test_notes_how_long_each_took_and_leaves_out_those_that_do_not_apply():
    assert examined(Works(), Elsewhere()).stage_ms == {"works": 1000}


def test_digests_are_made_once():
    examination = Examination(SimpleNamespace(body=Transaction("t", started_s=0).body), ZoneLookup({}), 0)
    assert examination.digests is examination.digests
