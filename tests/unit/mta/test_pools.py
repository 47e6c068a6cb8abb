# SPDX-License-Identifier: GPL-3.0-or-later
"""The threads of a worker: two pools where our own users are to be spared, and how busy they are."""

from __future__ import annotations

import threading

import pytest

from postward.model.connection import Authentication
from postward.model.load import Load
from postward.model.transaction import Transaction
from postward.mta.pools import Pools

PATIENCE_S = 20


@pytest.fixture
def gate():
    event = threading.Event()
    yield event
    event.set()


def message(user=""):
    transaction = Transaction("t1", started_s=0.0)
    transaction.authentication = Authentication(user=user)
    return transaction


def is_ours(transaction):
    return bool(transaction.authentication.user)


def test_mail_of_our_users_does_not_wait_behind_that_of_others(gate):
    pools = Pools(1, is_ours)
    for _ in range(3):
        pools.of(message()).submit(gate.wait)
    assert pools.of(message("alice")).submit(lambda: None).wait(PATIENCE_S)


def test_the_load_counts_what_is_under_way_and_what_waits_in_each(gate):
    pools = Pools(2, is_ours)
    assert pools.load == Load(others=0.0, ours=0.0)
    tickets = [pools.of(message()).submit(gate.wait) for _ in range(3)]
    own = pools.of(message("alice")).submit(gate.wait)
    assert pools.load == Load(others=1.5, ours=0.5)
    gate.set()
    assert all(ticket.wait(PATIENCE_S) for ticket in [*tickets, own])
    assert pools.load == Load(others=0.0, ours=0.0)


@pytest.mark.parametrize("told_apart", [None, is_ours])
def test_work_that_nobody_waits_for_is_counted_once(gate, told_apart):
    pools = Pools(1, told_apart)
    for user in ("", "alice"):
        assert pools.of(message(user)).submit(gate.wait).abandon()
    assert pools.stuck == 2


def test_where_nobody_is_told_apart_there_is_one_pool():
    pools = Pools(1)
    assert pools.of(message()) is pools.of(message("alice"))
