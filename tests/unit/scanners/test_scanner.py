# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for: a real clamd that hangs, and a protocol of our own where a moment has to be chosen."""

from __future__ import annotations

import threading
import time

import pytest

from postward.model.scan_result import ScanResult, ScanStatus
from postward.scanners.clamav import ClamavScanner
from postward.scanners.failure import ScannerDeclined, ScannerFailure, ScannerTimeout
from postward.scanners.scanner import Scanner
from postward.scanners.settings import OnFailure
from tests.mailhost.clamd import EICAR, EICAR_NAME
from tests.unit.scanners.messages import GUARD_S, message, settings

CLEAN = ScanResult(status=ScanStatus.CLEAN)
TIMED_OUT = ScanResult(status=ScanStatus.FAILED, reason="did not answer in time")
PASSED_OVER = ScanResult(status=ScanStatus.FAILED, reason="is passed over, for it did not answer in time")
NOT_FREE = ScanResult(status=ScanStatus.FAILED, reason="was not free in time")


class Watcher:
    """Keeps what it is told, and can be waited for."""

    def __init__(self):
        self.failures = []
        self.passed = threading.Event()

    def failed(self, scanner, words, told):
        self.failures.append((scanner, words, told))

    def passed_over(self, scanner, seconds):
        self.passed.set()


class HeldProtocol:
    """Answers when it is let go."""

    def __init__(self):
        self.go = threading.Event()
        self.asked = threading.Semaphore(0)
        self.pinged = threading.Semaphore(0)
        self.lives = True
        self.failure = None

    def scan(self, message, deadline_s):
        self.asked.release()
        if not self.go.wait(max(deadline_s - time.monotonic(), 0)):
            raise ScannerTimeout
        if self.failure is not None:
            raise self.failure
        return CLEAN

    def ping(self, deadline_s):
        self.pinged.release()
        if not self.lives:
            raise ScannerTimeout

    def close(self):
        pass


@pytest.fixture
def watcher():
    return Watcher()


@pytest.fixture
def protocol():
    protocol = HeldProtocol()
    yield protocol
    protocol.go.set()


@pytest.fixture
def held(protocol, watcher):
    """Makes scanners that ask the held protocol."""
    made = []

    def make(**known):
        scanner = Scanner(settings("held", "unix:/none", **known), protocol, clock=time.monotonic, watcher=watcher)
        made.append(scanner)
        return scanner

    yield make
    for scanner in made:
        scanner.close()


@pytest.fixture
def clamav(clamd, watcher):
    """Makes scanners that ask the real clamd."""
    made = []

    def make(**known):
        how = settings("clamav", clamd.socket, **known)
        scanner = Scanner(how, ClamavScanner(how, clock=time.monotonic), clock=time.monotonic, watcher=watcher)
        made.append(scanner)
        return scanner

    yield make
    for scanner in made:
        scanner.close()


def scan(scanner, shown=None):
    return scanner.collect(scanner.begin(shown or message()))


def timed(scanner):
    started_s = time.monotonic()
    result = scan(scanner)
    return result, time.monotonic() - started_s


def test_messages_are_scanned_at_the_same_time(held, protocol):
    scanner = held(concurrency=3)
    pending = [scanner.begin(message()) for _ in range(3)]
    for _ in pending:
        assert protocol.asked.acquire(timeout=GUARD_S)
    protocol.go.set()
    assert [scanner.collect(each) for each in pending] == [CLEAN] * 3


def test_no_more_than_agreed_and_the_next_has_its_turn(held, protocol):
    scanner = held(concurrency=1)
    pending = [scanner.begin(message()) for _ in range(2)]
    assert protocol.asked.acquire(timeout=GUARD_S)
    assert not protocol.asked.acquire(timeout=0.1)
    protocol.go.set()
    assert [scanner.collect(each) for each in pending] == [CLEAN] * 2


def test_one_that_hangs_costs_its_time_out_once(clamd, clamav, watcher):
    scanner = clamav(timeout_s=0.5, trial_s=0.2)
    assert scan(scanner) == CLEAN
    clamd.hang()
    result, spent_s = timed(scanner)
    assert result == TIMED_OUT
    assert 0.4 < spent_s < GUARD_S / 2
    assert watcher.passed.wait(GUARD_S)
    started_s = time.monotonic()
    assert [scan(scanner) for _ in range(100)] == [PASSED_OVER] * 100
    assert time.monotonic() - started_s < 0.5
    assert watcher.failures == [("clamav", "did not answer in time", "")]
    clamd.go_on()


def test_it_is_asked_again_by_one_message_when_its_time_is_over(clamd, clamav, watcher):
    scanner = clamav(timeout_s=0.5, trial_s=0.2, pass_over_s=0.5)
    clamd.hang()
    assert scan(scanner) == TIMED_OUT
    assert watcher.passed.wait(GUARD_S)
    clamd.go_on()
    until_s = time.monotonic() + GUARD_S
    while (result := scan(scanner, message(EICAR))) == PASSED_OVER and time.monotonic() < until_s:
        time.sleep(0.01)
    assert result.viruses == (EICAR_NAME,)
    assert scan(scanner) == CLEAN


def test_a_trial_waits_for_no_more_than_a_sign_of_life(held, protocol, watcher):
    scanner = held(timeout_s=0.2, pass_over_s=0.0)
    protocol.lives = False
    assert scan(scanner) == TIMED_OUT
    assert watcher.passed.wait(GUARD_S)
    assert protocol.asked.acquire(timeout=GUARD_S)
    assert scan(scanner) == TIMED_OUT
    assert not protocol.asked.acquire(blocking=False)


def test_one_that_lives_and_was_slow_with_one_message_goes_on_with_others(held, protocol, watcher):
    scanner = held(timeout_s=0.2)
    assert scan(scanner) == TIMED_OUT
    assert protocol.pinged.acquire(timeout=GUARD_S)
    protocol.go.set()
    until_s = time.monotonic() + GUARD_S
    while (result := scan(scanner)) == PASSED_OVER and time.monotonic() < until_s:
        time.sleep(0.01)
    assert result == CLEAN
    assert not watcher.passed.is_set()


def test_messages_behind_the_one_that_finds_it_hanging_do_not_wait_as_well(held, protocol, watcher):
    scanner = held(timeout_s=0.4, concurrency=1)
    protocol.lives = False
    first = scanner.begin(message())
    assert protocol.asked.acquire(timeout=GUARD_S)
    time.sleep(0.2)
    second = scanner.begin(message())
    assert scanner.collect(first) == TIMED_OUT
    assert scanner.collect(second) == PASSED_OVER
    assert not protocol.asked.acquire(blocking=False)


def test_a_queue_that_is_too_long_is_not_held_against_the_scanner(held, protocol):
    scanner = held(timeout_s=0.3, concurrency=1)
    first = scanner.begin(message())
    assert protocol.asked.acquire(timeout=GUARD_S)
    assert scan(scanner) == NOT_FREE
    assert scanner.collect(first) == TIMED_OUT
    protocol.go.set()
    assert scan(scanner) == CLEAN


def test_larger_messages_are_not_shown(held, protocol):
    result = scan(held(max_bytes=1_024), message(b"x" * 1_024))
    assert result == ScanResult(status=ScanStatus.SKIPPED, reason="the message is larger than 1024 bytes")
    assert not protocol.asked.acquire(blocking=False)


def test_a_message_that_the_scanner_will_not_have_is_skipped_whatever_the_policy(held, protocol):
    protocol.failure = ScannerDeclined("does not want it")
    protocol.go.set()
    result = scan(held(on_failure=OnFailure.TEMPFAIL))
    assert (result.status, result.defers) == (ScanStatus.SKIPPED, False)


@pytest.mark.parametrize("failure", [ScannerFailure("cannot be reached", told="refused"), OSError("no disk")])
def test_a_failure_costs_no_time_and_opens_nothing(held, protocol, watcher, failure):
    scanner = held()
    protocol.failure = failure
    protocol.go.set()
    assert [scan(scanner).status for _ in range(3)] == [ScanStatus.FAILED] * 3
    assert len(watcher.failures) == 3
    protocol.failure = None
    assert scan(scanner) == CLEAN


@pytest.mark.parametrize(("policy", "defers"), [(OnFailure.SKIP, False), (OnFailure.TEMPFAIL, True)])
def test_the_operator_says_whether_mail_that_is_not_scanned_comes_again(held, protocol, policy, defers):
    protocol.failure = ScannerFailure("cannot be reached")
    protocol.go.set()
    assert scan(held(on_failure=policy)).defers is defers


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_costs_one_message_and_no_time(held, protocol):
    scanner = held(concurrency=1)
    protocol.failure = ZeroDivisionError()
    pending = scanner.begin(message())
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "scanner-held")
    protocol.go.set()
    assert scanner.collect(pending).reason == "failed in a way that nobody foresaw"
    thread.join(GUARD_S)
    protocol.failure = None
    assert scan(scanner) == CLEAN


def test_one_that_is_killed_in_the_middle_costs_one_message_and_no_time(clamd, clamav):
    scanner = clamav()
    clamd.hang()
    pending = scanner.begin(message())
    clamd.kill()
    assert scanner.collect(pending).status is ScanStatus.FAILED
    clamd.start()
    assert scan(scanner) == CLEAN
