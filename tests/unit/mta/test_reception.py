# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer to a recipient: at once where it is remembered, and never a refusal for good because of a failure."""

from __future__ import annotations

import threading

import pytest

from postward.model.action import Reply
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.transaction import Transaction
from postward.mta.pools import Pools
from postward.mta.reception import Reception
from postward.mta.settings import FailureAction, MtaSettings
from postward.observability.logger import EventLog

REFUSED = Reply(code=550, enhanced="5.1.1", text="no")
ONE = Recipient(address=EnvelopeAddress("a@example.com"))


@pytest.fixture
def transaction():
    return Transaction("t1", started_s=0.0)


@pytest.fixture
def reception(engine):
    engine.answers_recipients = True
    settings = MtaSettings(recipient_deadline_s=0.2, failure_action=FailureAction.TEMPFAIL)
    return Reception(engine, Pools(2), settings, EventLog())


def test_what_is_remembered_needs_no_thread(engine, reception, transaction):
    engine.remembered["a@example.com"] = None
    assert reception.reply_to(transaction, ONE) is None


def test_what_is_not_is_asked_for_and_a_refusal_is_told_of(engine, reception, transaction):
    told = threading.Event()
    engine.recipient_refused = lambda *_: told.set()
    engine.replies["a@example.com"] = REFUSED
    assert reception.reply_to(transaction, ONE) == REFUSED
    assert told.wait(10)


def test_an_engine_that_answers_nobody_is_not_asked(engine, reception, transaction):
    engine.answers_recipients = False
    engine.remembered["a@example.com"] = REFUSED
    assert reception.reply_to(transaction, ONE) is None


def test_an_engine_that_raises_puts_the_recipient_off(engine, reception, transaction, capfd):
    reply = reception.reply_to(transaction, ONE)
    assert reply is not None
    assert reply.code == 451
    assert "event=recipient.not_judged id=t1 reason=\"KeyError: 'a@example.com'\"" in capfd.readouterr().err


def test_an_engine_that_hangs_puts_the_recipient_off(engine, reception, transaction, capfd):
    let_go = threading.Event()
    engine.judge_recipient = lambda *_: let_go.wait(10) and None
    reply = reception.reply_to(transaction, ONE)
    let_go.set()
    assert reply is not None
    assert reply.code == 451
    assert "not answered within 0.2 s" in capfd.readouterr().err


@pytest.mark.parametrize("wanted", [None, Reply(code=451, enhanced="4.3.0", text="later")])
def test_where_the_failure_action_accepts_the_engine_has_the_last_word(engine, transaction, wanted):
    engine.answers_recipients, engine.unanswered = True, wanted
    settings = MtaSettings(recipient_deadline_s=0.2, failure_action=FailureAction.ACCEPT)
    assert Reception(engine, Pools(2), settings, EventLog()).reply_to(transaction, ONE) == wanted
