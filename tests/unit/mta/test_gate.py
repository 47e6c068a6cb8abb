# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in: what is asked at which stage, and what is not asked any more."""

from __future__ import annotations

import pytest

from postward.model.action import Reply
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.load import IDLE, SheddingStage
from postward.model.transaction import Transaction
from postward.mta.gate import Gate
from postward.mta.pools import Pools

BUSY = Reply(code=451, enhanced="4.7.1", text="too busy")
ONE = Recipient(address=EnvelopeAddress("a@example.com"))


class Shedding:
    """Sends everybody away, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def is_ours(self, _transaction):
        return False

    def client_known(self, _transaction, load):
        self.asked.append(("client", load))

    def refusal(self, stage, _transaction, recipients, load):
        self.asked.append((stage, tuple(recipients), load))
        return BUSY

    def tell(self, load):
        self.asked.append(("told", load))


@pytest.fixture
def shedding():
    return Shedding()


@pytest.fixture
def gate(shedding):
    return Gate(shedding, Pools(2, shedding.is_ours))


@pytest.fixture
def transaction():
    return Transaction("t1", started_s=0.0)


def test_each_stage_is_asked_with_the_load(gate, shedding, transaction):
    gate.client_known(transaction)
    assert [gate.sender(transaction), gate.recipient(transaction, ONE), gate.message(transaction)] == [BUSY] * 3
    gate.tell()
    assert shedding.asked == [
        ("client", IDLE),
        (SheddingStage.MAIL, (), IDLE),
        (SheddingStage.RCPT, (ONE,), IDLE),
        (SheddingStage.END, (), IDLE),
        ("told", IDLE),
    ]


def test_a_message_that_has_a_recipient_loses_no_other(gate, transaction):
    transaction.recipients.append(ONE)
    assert gate.recipient(transaction, ONE) is None
    assert gate.message(transaction) == BUSY


def test_without_it_everything_is_let_in(transaction):
    gate = Gate(None, Pools(2))
    gate.client_known(transaction)
    gate.tell()
    assert not gate.may_refuse
    assert gate.sender(transaction) is gate.recipient(transaction, ONE) is gate.message(transaction) is None
