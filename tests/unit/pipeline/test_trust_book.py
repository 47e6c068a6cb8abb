# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker remembers of clients: asked on one thread, together, and within a bounded time."""

from __future__ import annotations

import threading
from ipaddress import ip_address

import pytest

from postward.errors import TemporaryFailure
from postward.model.identity import Identity, IdentityKind
from postward.model.reputation import Correspondence, Known
from postward.observability.logger import EventLog
from postward.pipeline.trust_book import TrustBook
from tests.clock import Clock

PATIENCE_S = 20.0
ONE, TWO = ip_address("192.0.2.1"), ip_address("192.0.2.2")
PAIR = Correspondence("bob@example.net", "a@example.com")
OTHER_PAIR = Correspondence("bob@example.net", "c@example.com")


class Store:
    """Knows one client and one pair; may be silent, may fail."""

    def __init__(self):
        self.asked = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.failure = None

    def read(self, identities, correspondences):
        self.asked.append((tuple(identities), tuple(correspondences)))
        self.go_on.wait(PATIENCE_S)
        if self.failure is not None:
            raise self.failure
        return Known(correspondences=frozenset({PAIR}))


class Model:
    def identities(self, client):
        return (Identity(IdentityKind.IP, str(client)),)

    def trust(self, client, _standings):
        return 0.9 if client == ONE else 0.1


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(store, clock):
    opened = TrustBook(store, Model(), EventLog(), clock=clock)
    yield opened
    store.go_on.set()
    opened.close()


def test_nothing_is_known_before_it_is_asked_and_no_thread_is_made(store):
    started = []
    book = TrustBook(store, Model(), EventLog(), start=started.append)
    assert (book.trust(ONE), book.written_to((PAIR,))) == (None, None)
    assert started == []


def test_what_was_asked_is_remembered_for_a_while(book, store, clock):
    book.ask(ONE, (PAIR, OTHER_PAIR), PATIENCE_S)
    assert book.trust(ONE) == 0.9
    assert [book.written_to((PAIR,)), book.written_to((OTHER_PAIR,)), book.written_to((OTHER_PAIR, PAIR))] == [
        True, False, True,
    ]  # fmt: skip
    book.ask(ONE, (PAIR,), PATIENCE_S)
    assert len(store.asked) == 1
    clock.now_s += 120.0
    assert (book.trust(ONE), book.written_to((PAIR,))) == (None, None)


def test_one_that_is_not_remembered_leaves_open_what_the_others_deny(book):
    book.ask(ONE, (OTHER_PAIR,), PATIENCE_S)
    assert book.written_to((OTHER_PAIR, PAIR)) is None


def test_those_who_wait_share_one_question(store):
    threads = []
    book = TrustBook(store, Model(), EventLog(), start=threads.append)
    book.look_up(ONE)
    book.look_up(TWO)
    book.ask(TWO, (PAIR,), 0.0)
    book.close()
    (run,) = threads
    run()
    ((identities, pairs),) = store.asked
    assert ([identity.name for identity in identities], pairs) == ([str(ONE), str(TWO)], (PAIR,))
    assert (book.trust(ONE), book.trust(TWO), book.written_to((PAIR,))) == (0.9, 0.1, True)


def test_a_store_that_is_silent_costs_no_more_than_was_allowed(book, store):
    store.go_on.clear()
    book.ask(ONE, (), 0.01)
    assert book.trust(ONE) is None


@pytest.mark.parametrize("failure", [TemporaryFailure("down"), ValueError("a fault of ours")])
def test_where_it_fails_nothing_is_known_and_the_next_may_ask_again(book, store, failure):
    store.failure = failure
    book.ask(ONE, (), PATIENCE_S)
    assert book.trust(ONE) is None
    store.failure = None
    book.ask(ONE, (), PATIENCE_S)
    assert book.trust(ONE) == 0.9


def test_where_there_is_no_thread_to_be_had_nothing_is_known(store):
    def refuse(_body):
        raise RuntimeError("can't start new thread")

    book = TrustBook(store, Model(), EventLog(), start=refuse)
    book.ask(ONE, (), PATIENCE_S)
    assert book.trust(ONE) is None


def test_questions_that_nobody_answers_do_not_gather(store):
    threads = []
    book = TrustBook(store, Model(), EventLog(), start=threads.append)
    clients = [ip_address(0xC0000200 + number) for number in range(3_000)]
    for client in clients:
        book.look_up(client)
    assert len(threads) == 1
    worker = threading.Thread(target=threads[0], daemon=True)
    worker.start()
    book.ask(TWO, (PAIR,), PATIENCE_S)
    book.close()
    worker.join(PATIENCE_S)
    assert sum(book.trust(client) is not None for client in clients) <= 1_000


def test_after_the_end_nobody_waits(book):
    book.close()
    book.ask(ONE, (), PATIENCE_S)
    assert book.trust(ONE) is None
