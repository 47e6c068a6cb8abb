# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.connection import Connection
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.load import IDLE, Load, SheddingStage
from postward.model.transaction import Transaction
from postward.observability.families import LOAD, SHED
from postward.observability.metrics import WorkerMetrics
from postward.observability.privacy import AddressPrivacy
from postward.observability.shedding_reporting import SheddingReporting
from tests.clock import Clock
from tests.unit.observability.noted_log import NotedLog


@pytest.fixture
def told():
    log, metrics, clock = NotedLog(), WorkerMetrics(), Clock()
    return SheddingReporting(log, metrics, AddressPrivacy.DOMAIN, clock=clock), log, metrics, clock


def message():
    transaction = Transaction("t1", started_s=0.0)
    transaction.connection = Connection(address=ip_address("192.0.2.1"))
    transaction.sender = Sender(address=EnvelopeAddress("a@example.com"))
    return transaction


def test_one_who_was_put_off_is_counted_and_told_of(told):
    reporting, log, metrics, _clock = told
    reporting.load(Load(others=0.5, ours=0.0))
    reporting.shed(SheddingStage.RCPT, message(), "other", Load(others=0.875, ours=0.0))
    assert log.lines == []
    reporting.flush()
    assert log.lines == [
        ("shedding.began", {"load": 0.88, "load_ours": 0.0}),
        (
            "message.shed",
            {
                "id": "t1", "client": "192.0.2.1", "user": None, "from": "@example.com", "stage": "rcpt",
                "sender": "other",
            },
        ),
    ]  # fmt: skip
    assert metrics.take() == {
        (SHED.name, ("rcpt", "other")): 1,
        (LOAD.name, ("others",)): 0.5,
        (LOAD.name, ("ours",)): 0.0,
    }


def test_of_many_only_some_are_told_and_the_number_of_the_rest(told):
    reporting, log, metrics, _clock = told
    for _ in range(1_000):
        reporting.shed(SheddingStage.MAIL, message(), "bad", IDLE)
    reporting.flush()
    assert sum(event == "message.shed" for event, _ in log.lines) == 20
    assert log.lines[-1] == ("shedding.more", {"messages": 980})
    assert metrics.take()[SHED.name, ("mail", "bad")] == 1_000


def test_it_is_over_when_nobody_was_put_off_for_a_while(told):
    reporting, log, _metrics, clock = told
    for _ in range(3):
        reporting.shed(SheddingStage.END, message(), "other", IDLE)
        reporting.flush()
        clock.now_s += 10.0
    reporting.flush()
    assert log.lines[-1][0] == "message.shed"
    clock.now_s += 20.0
    reporting.flush()
    reporting.flush()
    assert log.lines[-1] == ("shedding.ended", {"messages": 3, "seconds": 20.0})
    assert [event for event, _ in log.lines].count("shedding.ended") == 1


def test_at_rest_nothing_is_said(told):
    reporting, log, _metrics, _clock = told
    reporting.flush()
    assert log.lines == []
