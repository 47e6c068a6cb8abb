# SPDX-License-Identifier: GPL-3.0-or-later
"""All people, whose answer is long: who waits for it, and what serves meanwhile."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from postward.directory.source import SourceFailure, SourceTimeout
from postward.errors import DirectoryUnavailable
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.profile import Person
from tests.directory_servers.holders import hanging, stopped
from tests.unit.directory.conftest import SERVERS

HANG_S = 1.0
DRIVER_S = 20.0
ALICE = Person(name="Alice", addresses=frozenset({"alice@example.com"}))
BOB = Person(name="Bob", addresses=frozenset({"bob@example.com"}))


@pytest.fixture(params=SERVERS)
def holder(request, holders):
    return holders[request.param]


class HeldSource:
    """Tells its people when it is let."""

    name = "held"
    is_immediate = False

    def __init__(self, people=(ALICE,)):
        self.answer = people
        self.asked = 0
        self.let = threading.Event()
        self.let.set()

    def domain(self, name):
        return None

    def people(self):
        self.asked += 1
        assert self.let.wait(20)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self):
        self.let.set()


def names(people):
    return {person.name for person in people}


def test_one_who_hangs_is_waited_for_as_long_as_for_others_and_no_other_question_suffers(holder, open_directory):
    directory = open_directory(holder.source(DRIVER_S), timeout_s=HANG_S, people_timeout_s=DRIVER_S)
    with hanging(holder), pytest.raises(DirectoryUnavailable):
        directory.people()
    # Nobody is passed over, and the question that was on its way is answered after all.
    assert directory.domain("example.org").tenant == "example.org"
    patient = open_directory(holder.source(DRIVER_S))
    assert names(patient.people()) == {"Alice Example", "Bob Example"}


@pytest.mark.parametrize("failing", [hanging, stopped])
def test_what_is_remembered_serves_while_the_source_fails(failing, holder, open_directory, clock):
    directory = open_directory(holder.source(DRIVER_S), positive_ttl_s=300, stale_s=1_000, timeout_s=HANG_S)
    patient = open_directory(holder.source(DRIVER_S))
    assert names(patient.people()) == {"Alice Example", "Bob Example"}
    while directory.recall_people() is NOT_REMEMBERED:
        # On a machine that has other things to do, it may take longer than the source that hangs shall.
        with suppress(DirectoryUnavailable):
            directory.people()
    clock.advance(301)
    with failing(holder):
        assert directory.recall_people() is NOT_REMEMBERED
        assert names(directory.people()) == {"Alice Example", "Bob Example"}
        clock.advance(1_000)
        with pytest.raises(DirectoryUnavailable):
            directory.people()


def test_a_new_answer_takes_the_place_of_the_old_one_while_nobody_waits(open_directory, clock):
    source = HeldSource()
    directory = open_directory(source, positive_ttl_s=300)
    assert directory.people() == (ALICE,)
    source.answer = (BOB,)
    source.let.clear()
    clock.advance(300)
    assert directory.people() == (ALICE,)
    source.let.set()
    while directory.recall_people() is NOT_REMEMBERED:
        assert directory.people() in {(ALICE,), (BOB,)}
    assert directory.recall_people() == (BOB,)
    assert source.asked == 2


def test_all_who_ask_at_the_same_time_wait_for_one_question(open_directory):
    source = HeldSource()
    source.let.clear()
    directory = open_directory(source)
    found = []
    threads = [threading.Thread(target=lambda: found.append(directory.people())) for _ in range(20)]
    for thread in threads:
        thread.start()
    source.let.set()
    for thread in threads:
        thread.join()
    assert found == [(ALICE,)] * 20
    assert source.asked == 1


def test_a_source_that_fails_is_not_asked_again_for_a_while(open_directory, clock, failures):
    source = HeldSource(SourceFailure("broken"))
    directory = open_directory(source, pass_over_s=10)
    for _ in range(5):
        with pytest.raises(DirectoryUnavailable):
            directory.people()
    assert source.asked == 1
    assert [(name, str(failure)) for name, failure in failures] == [("held", "broken")]
    source.answer = (ALICE,)
    clock.advance(10)
    assert directory.people() == (ALICE,)


def test_an_answer_that_never_comes_ends_by_its_own_time_out(open_directory, failures):
    source = HeldSource()
    source.let.clear()
    directory = open_directory(source, people_timeout_s=0.2)
    with pytest.raises(DirectoryUnavailable):
        directory.people()
    assert [type(failure) for _, failure in failures] == [SourceTimeout]


def test_too_many_people_are_no_answer(open_directory):
    one, other = (
        HeldSource(tuple(Person(name=f"{of} {number}", addresses=frozenset()) for number in range(6_000)))
        for of in ("a", "b")
    )
    directory = open_directory(one, other)
    with pytest.raises(DirectoryUnavailable):
        directory.people()


def test_closed_it_asks_nobody(open_directory):
    source = HeldSource()
    directory = open_directory(source)
    directory.close()
    with pytest.raises(DirectoryUnavailable):
        directory.people()
    assert source.asked == 0
