# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes of a scanner's answer; how scanners are asked is shown in tests/unit/scanners."""

from __future__ import annotations

import threading
import time
from ipaddress import ip_address

import pytest

from postward.checks.examination import Examination
from postward.checks.order import in_order
from postward.checks.runner import run_checks
from postward.checks.scanners import RSPAMD, SPAMASSASSIN, ScannerCheck, SpamReading, VirusReading
from postward.dns.zone import ZoneLookup
from postward.model.origin import Direction, Origin
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.symbol import Finding
from postward.model.transaction import Transaction
from postward.scanners.failure import ScannerFailure
from postward.scanners.scanner import Scanner
from postward.scanners.settings import OnFailure
from tests.unit.scanners.messages import GUARD_S, settings

EXAMPLE = ScanResult(
    status=ScanStatus.CLEAN, score=7.5, required=5.0, symbols=(("BAYES_99", 3.5), ("URI_" + "X" * 60, 0.0))
)


class Protocol:
    """Says what it is told to, and keeps what it is shown."""

    def __init__(self, answer):
        self.answer = answer
        self.shown = []

    def scan(self, message, deadline_s):
        self.shown.append(message)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def ping(self, deadline_s):
        pass

    def close(self):
        pass


class NobodyWatches:
    def failed(self, scanner, words, told):
        pass

    def passed_over(self, scanner, seconds):
        pass


@pytest.fixture
def examine():
    """Have a message examined by one scanner."""
    scanners = []

    def run(name, answer, reading, *, body=b"Hello\r\n", direction=Direction.INBOUND, **known):
        scanner = Scanner(
            settings(name, "unix:/none", **known), Protocol(answer), clock=time.monotonic, watcher=NobodyWatches()
        )
        scanners.append(scanner)
        check = ScannerCheck(scanner, reading)
        transaction = Transaction("t1", started_s=0.0)
        transaction.body.append(body)
        transaction.origin = Origin(direction=direction, reason="", client=ip_address("192.0.2.1"), helo="x")
        run_checks([check], Examination(transaction, ZoneLookup({}), 0.0))
        return transaction.facts, check

    yield run
    for scanner in scanners:
        scanner.close()


def spam(symbol=SPAMASSASSIN, prefix="SA_", *, share=0.8, max_points=8.0):
    return SpamReading(symbol, prefix, share=share, max_points=max_points)


def test_a_virus_is_found(examine):
    result = ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar", "Other"))
    facts, check = examine("clamav", result, VirusReading(outbound=True))
    assert facts.findings == {"clamav": (Finding("VIRUS", "Eicar, Other"),)}
    assert facts.scans == {"clamav": result}
    assert facts.not_checked == {}
    assert check.results(facts) == {"clamav": "virus"}


def test_no_virus_is_no_finding(examine):
    facts, check = examine("clamav", ScanResult(status=ScanStatus.CLEAN), VirusReading(outbound=True))
    assert facts.findings == {"clamav": ()}
    assert check.results(facts) == {"clamav": "clean"}


def test_a_share_of_the_score_counts_and_symbols_count_nothing_by_themselves(examine):
    facts, _ = examine("spamassassin", EXAMPLE, spam())
    assert facts.findings["spamassassin"] == (
        Finding("SPAMASSASSIN", "7.5 of 5", points=6.0),
        Finding("SA_BAYES_99", points=0.0),
        Finding("SA_URI_" + "X" * 43, points=0.0),
    )


@pytest.mark.parametrize(("score", "points"), [(1_000.0, 8.0), (-1_000.0, -8.0), (-1.0, -0.8), (0.0, 0.0)])
def test_it_counts_no_more_than_agreed_for_or_against(examine, score, points):
    result = ScanResult(status=ScanStatus.CLEAN, score=score)
    facts, _ = examine("rspamd", result, spam(RSPAMD, "RSPAMD_"))
    assert facts.findings["rspamd"] == (Finding("RSPAMD", f"{score:g}", points=points),)


def test_what_was_not_scanned_is_said(examine):
    facts, check = examine(
        "clamav", ScannerFailure("cannot be reached", told="no such file"), VirusReading(outbound=True)
    )
    assert facts.not_checked == {"clamav": "cannot be reached"}
    assert facts.scans["clamav"] == ScanResult(status=ScanStatus.FAILED, reason="cannot be reached")
    assert facts.findings == {"clamav": ()}
    assert check.results(facts) == {"clamav": "failed"}


def test_what_is_too_large_is_said(examine):
    facts, _ = examine("clamav", EXAMPLE, VirusReading(outbound=True), body=b"x" * 2_000, max_bytes=1_024)
    assert facts.not_checked == {"clamav": "the message is larger than 1024 bytes"}


def test_a_failure_defers_where_the_operator_wants_it(examine):
    failure = ScannerFailure("cannot be reached")
    facts, _ = examine("spamassassin", failure, spam(), on_failure=OnFailure.TEMPFAIL)
    assert facts.scans["spamassassin"].defers


@pytest.mark.parametrize(
    ("direction", "outbound", "scanned"),
    [
        (Direction.INBOUND, False, True),
        (Direction.LOOPBACK, False, True),
        (Direction.OUTBOUND, True, True),
        (Direction.OUTBOUND, False, False),
        (Direction.REINJECTED, True, False),
    ],
)
def test_whose_mail_is_searched_for_viruses(examine, direction, outbound, scanned):
    facts, _ = examine("clamav", EXAMPLE, VirusReading(outbound=outbound), direction=direction)
    assert ("clamav" in facts.scans) is scanned


@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.LOOPBACK, Direction.REINJECTED])
def test_only_mail_from_outside_is_judged_for_spam(examine, direction):
    facts, _ = examine("rspamd", EXAMPLE, spam(RSPAMD, "RSPAMD_"), direction=direction)
    assert facts.scans == {}


@pytest.fixture
def begun():
    """Have a scanner begin with a message; gives message, check and what lets the scanner answer."""
    protocol = HeldProtocol(ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar",)))
    how = settings("clamav", "unix:/none", on_failure=OnFailure.TEMPFAIL)
    scanner = Scanner(how, protocol, clock=time.monotonic, watcher=NobodyWatches())
    check = ScannerCheck(scanner, VirusReading(outbound=True))
    transaction = Transaction("t1", started_s=0.0)
    transaction.origin = Origin(direction=Direction.INBOUND, reason="", client=None, helo="x")
    check.begin(Examination(transaction, ZoneLookup({}), 0.0))
    yield transaction.detached(), check, protocol.go
    protocol.go.set()
    scanner.close()


def test_without_an_answer_at_the_deadline_of_the_message_it_comes_again(begun):
    abandoned, check, _ = begun
    check.give_up(abandoned, "time is up")
    assert abandoned.facts.scans["clamav"] == ScanResult(status=ScanStatus.FAILED, reason="time is up", defers=True)
    assert abandoned.facts.not_checked == {"clamav": "time is up"}


def test_what_would_have_been_too_large_for_the_scanner_need_not_come_again(begun):
    _, check, _ = begun
    never_begun = Transaction("t2", started_s=0.0)
    never_begun.body.append(b"x" * 11_000_000)
    check.give_up(never_begun, "the body is too large")
    assert never_begun.facts.scans["clamav"] == ScanResult(
        status=ScanStatus.SKIPPED, reason="the message is larger than 10000000 bytes"
    )


def test_a_virus_counts_that_nobody_came_to_collect_before_the_deadline(begun):
    abandoned, check, go = begun
    abandoned.facts.not_checked["clamav"] = "time is up"
    go.set()
    until_s = time.monotonic() + GUARD_S
    while "clamav" in abandoned.facts.not_checked and time.monotonic() < until_s:
        check.give_up(abandoned, "time is up")
    assert abandoned.facts.findings == {"clamav": (Finding("VIRUS", "Eicar"),)}
    assert abandoned.facts.scans["clamav"].status is ScanStatus.VIRUS


def test_a_virus_counts_that_was_collected_when_the_message_had_just_been_given_up(begun):
    abandoned, check, go = begun
    go.set()
    transaction = Transaction("t1", started_s=0.0)
    transaction.origin = abandoned.origin
    transaction.is_given_up = True
    check.run(Examination(transaction, ZoneLookup({}), 0.0))
    check.give_up(abandoned, "time is up")
    assert abandoned.facts.findings == {"clamav": (Finding("VIRUS", "Eicar"),)}


def test_of_messages_that_were_given_up_few_answers_are_kept(begun):
    abandoned, check, go = begun
    go.set()
    for number in range(200):
        transaction = Transaction(f"t{number}", started_s=0.0)
        transaction.origin = abandoned.origin
        transaction.is_given_up = True
        check.run(Examination(transaction, ZoneLookup({}), 0.0))
    check.give_up(abandoned, "time is up")
    assert abandoned.facts.scans["clamav"].status is ScanStatus.FAILED


class HeldProtocol(Protocol):
    """Answers when it is let go."""

    def __init__(self, answer):
        super().__init__(answer)
        self.go = threading.Event()

    def scan(self, message, deadline_s):
        self.go.wait(GUARD_S)
        return super().scan(message, deadline_s)


def test_several_scanners_and_other_checks_are_at_work_at_the_same_time():
    at_work = threading.Barrier(3)
    scanners, checks = [], [Meeting(at_work)]
    for name in ("clamav", "rspamd"):
        protocol = MeetingProtocol(at_work)
        scanners.append(Scanner(settings(name, "unix:/none"), protocol, clock=time.monotonic, watcher=NobodyWatches()))
        checks.append(ScannerCheck(scanners[-1], VirusReading(outbound=True)))
    transaction = Transaction("t1", started_s=0.0)
    transaction.origin = Origin(direction=Direction.INBOUND, reason="", client=None, helo="x")
    run_checks(in_order(checks), Examination(transaction, ZoneLookup({}), 0.0))
    for scanner in scanners:
        scanner.close()
    assert list(transaction.facts.scans) == ["clamav", "rspamd"]
    assert transaction.facts.not_checked == {}


class MeetingProtocol(Protocol):
    """Is not done before the others are at work."""

    def __init__(self, at_work):
        super().__init__(EXAMPLE)
        self.at_work = at_work

    def scan(self, message, deadline_s):
        self.at_work.wait(GUARD_S)
        return super().scan(message, deadline_s)


class Meeting:
    """Another check, which waits for the scanners as well."""

    name = "content"
    requires = ()

    def __init__(self, at_work):
        self.at_work = at_work

    def applies(self, origin):
        return True

    def run(self, examination):
        self.at_work.wait(GUARD_S)

    def results(self, facts):
        return {}
