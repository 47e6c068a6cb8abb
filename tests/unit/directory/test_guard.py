# SPDX-License-Identifier: GPL-3.0-or-later
"""A source of our own stands in where the moment of an answer has to be chosen."""

from __future__ import annotations

import threading

import pytest

from postward.directory.entry import DomainEntry, Known
from postward.directory.source import SourceFailure, SourceTimeout
from postward.errors import DirectoryUnavailable

GUARD_S = 20.0
ENTRY = DomainEntry(name="example.com", tenant="acme")


class HeldSource:
    """Answers when it is let go, and counts how often it was asked."""

    name = "held"
    is_immediate = False

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked = threading.Semaphore(0)
        self.questions: list[str] = []
        self.closed = threading.Semaphore(0)
        self.failure: SourceFailure | None = None

    def domain(self, name):
        self.questions.append(name)
        self.asked.release()
        assert self.go.wait(GUARD_S)
        if self.failure is not None:
            raise self.failure
        return ENTRY if name == "example.com" else None

    def recipient(self, local_part, domain):
        return Known.NOT_HOSTED

    def sender(self, login):
        return None

    def networks(self):
        return ()

    def close(self):
        self.closed.release()


@pytest.fixture
def source():
    source = HeldSource()
    yield source
    source.go.set()


def in_threads(count, call):
    results = []

    def run():
        try:
            results.append(call())
        except DirectoryUnavailable as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, results


def joined(threads):
    for thread in threads:
        thread.join(GUARD_S)
        assert not thread.is_alive()


def test_the_same_question_is_asked_once_whoever_asks(source, open_directory):
    directory = open_directory(source)
    first, results = in_threads(1, lambda: directory.domain("example.com"))
    assert source.asked.acquire(timeout=GUARD_S)
    others, more = in_threads(20, lambda: directory.domain("EXAMPLE.com"))
    source.go.set()
    joined(first + others)
    assert results + more == [ENTRY] * 21
    assert source.questions == ["example.com"]


def test_a_failure_is_everybodys_who_waited(source, open_directory):
    source.failure = SourceFailure("refused")
    directory = open_directory(source)
    first, results = in_threads(1, lambda: directory.domain("example.com"))
    assert source.asked.acquire(timeout=GUARD_S)
    source.go.set()
    joined(first)
    assert isinstance(results[0], DirectoryUnavailable)
    source.failure = None
    assert directory.domain("example.com") == ENTRY


def test_what_is_not_there_is_remembered_too_for_its_own_time(source, open_directory, clock):
    source.go.set()
    directory = open_directory(source, positive_ttl_s=300, negative_ttl_s=60)
    for _ in range(3):
        assert directory.domain("example.com") == ENTRY
        assert directory.domain("example.net") is None
    assert source.questions == ["example.com", "example.net"]
    clock.advance(61)
    assert directory.domain("example.com") == ENTRY
    assert directory.domain("example.net") is None
    assert source.questions == ["example.com", "example.net", "example.net"]
    assert (directory.counts["questions"], directory.counts["hits"]) == (3, 5)


def test_what_is_remembered_is_bounded(source, open_directory):
    source.go.set()
    directory = open_directory(source, cache_entries=10)
    directory.domain("example.com")
    for number in range(100):
        directory.domain(f"{number}.example")
        assert directory.domain("example.com") == ENTRY
    assert source.questions.count("example.com") == 1
    assert len(directory._domains) == 10


def test_recalling_asks_nobody(source, open_directory):
    directory = open_directory(source)
    assert directory.recall_domain("example.com") == directory.recall_recipient("a@example.com")
    assert directory.recall_sender("alice", None) == directory.recall_domain("example.com")
    assert source.questions == []


def test_after_a_time_out_one_question_goes_ahead_and_its_answer_opens_the_way(source, open_directory, clock, failures):
    directory = open_directory(source, timeout_s=0.25, pass_over_s=10)
    with pytest.raises(DirectoryUnavailable):
        directory.domain("example.com")
    for name in ("a.example", "b.example"):
        with pytest.raises(DirectoryUnavailable):
            directory.domain(name)
    assert source.questions == ["example.com"]
    clock.advance(10)
    with pytest.raises(DirectoryUnavailable):
        directory.domain("c.example")
    with pytest.raises(DirectoryUnavailable):
        directory.domain("d.example")
    assert source.questions == ["example.com", "c.example"]
    assert [type(failure) for _, failure in failures] == [SourceTimeout, SourceTimeout]
    source.go.set()
    clock.advance(10)
    patient = threading.Event()
    while not patient.is_set():
        try:
            assert directory.domain("example.com") == ENTRY
            patient.set()
        except DirectoryUnavailable:
            clock.advance(10)


def test_threads_that_are_held_are_not_multiplied(source, open_directory, clock):
    directory = open_directory(source, timeout_s=0.25, pass_over_s=1, threads=2)
    for number in range(6):
        with pytest.raises(DirectoryUnavailable):
            directory.domain(f"{number}.example")
        clock.advance(2)
    # The other four found no thread, and nobody asks for them any more.
    assert source.questions == ["0.example", "1.example"]
    source.go.set()
    directory.close()
    assert source.questions == ["0.example", "1.example"]


def test_a_thread_that_ends_late_closes_what_it_left_open(source, open_directory):
    directory = open_directory(source, timeout_s=0.25)
    with pytest.raises(DirectoryUnavailable):
        directory.domain("example.com")
    directory.close()
    assert source.closed.acquire(timeout=GUARD_S)
    source.go.set()
    assert source.closed.acquire(timeout=GUARD_S)
    with pytest.raises(DirectoryUnavailable):
        directory.domain("example.org")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_foresaw_fails_the_question_and_spares_the_next(source, open_directory, failures):
    source.go.set()
    source.failure = ZeroDivisionError()
    directory = open_directory(source, threads=1)
    with pytest.raises(DirectoryUnavailable):
        directory.domain("example.com")
    dying = [thread for thread in threading.enumerate() if thread.name == "directory-held"]
    source.failure = None
    assert directory.domain("example.com") == ENTRY
    directory.close()
    joined(dying)
    assert [str(failure) for _, failure in failures] == ["failed in a way that nobody foresaw"]
