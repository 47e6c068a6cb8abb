# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker's parts around sessions, with an engine that records what it is told."""

from __future__ import annotations

import itertools
import time

import pytest

from postward.model.action import AddHeader, Plan
from postward.model.body import Body
from postward.model.not_remembered import NOT_REMEMBERED
from postward.mta.afterwards import Afterwards
from postward.mta.census import Census
from postward.mta.gate import Gate
from postward.mta.judging import Judge
from postward.mta.pools import Pools
from postward.mta.reception import Reception
from postward.mta.service import Service
from postward.mta.settings import MessageLimits, MtaSettings
from postward.observability.logger import EventLog

JUDGED = Plan(additions=(AddHeader(name="X-Judged", value=b"yes"),))
FALLBACK = Plan(additions=(AddHeader(name="X-Fallback", value=b"yes"),))


class RecordingEngine:
    """Judges every message alike, and keeps what it was told."""

    def __init__(self):
        self.plan = JUDGED
        self.hooks = []
        self.evaluated = []
        self.fallbacks = []
        self.finished_messages = []
        self.unread = []
        self.shedding = None
        self.answers_recipients = False
        self.changes_envelope = False
        self.changes_body = False
        self.remembered = {}
        self.replies = {}
        self.refused = []
        self.unanswered = None

    def recall_recipient(self, _transaction, recipient):
        return self.remembered.get(recipient.address.text, NOT_REMEMBERED)

    def judge_recipient(self, _transaction, recipient):
        return self.replies[recipient.address.text]

    def unanswered_recipient(self, _transaction, _recipient):
        return self.unanswered

    def recipient_refused(self, _transaction, recipient, reply):
        self.refused.append((recipient.address.text, reply.code))

    def connected(self, transaction):
        self.hooks.append(("connected", str(transaction.connection.address)))

    def helo_given(self, transaction):
        self.hooks.append(("helo", transaction.helo))

    def sender_given(self, transaction):
        self.hooks.append(("sender", transaction.sender.address.text))

    def field_seen(self, _transaction, field):
        self.hooks.append(("field", field.name))

    def field_unread(self, _transaction, name):
        self.unread.append(name)

    def evaluate(self, transaction):
        self.evaluated.append(transaction)
        transaction.plan = self.plan

    def fallback(self, _transaction, reason):
        self.fallbacks.append(reason)
        return FALLBACK

    def finished(self, transaction, outcome, reply):
        self.finished_messages.append((transaction.id, outcome, reply))

    def close(self):
        pass


@pytest.fixture
def engine():
    return RecordingEngine()


@pytest.fixture
def log_file(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def make_service(engine, log_file):
    """Make the service of a worker whose messages have these limits."""
    with log_file.open("wb") as file:
        log = EventLog(fd=file.fileno())
        numbers = itertools.count(1)

        def make(*, new_body=Body, **limits):
            settings = MtaSettings(limits=MessageLimits(**limits))
            pools = Pools(2)
            return Service(
                engine=engine,
                gate=Gate(engine.shedding, pools),
                judge=Judge(engine, pools, settings, log, monotonic=time.monotonic),
                reception=Reception(engine, pools, settings, log),
                afterwards=Afterwards(engine, log),
                census=Census(time.monotonic),
                limits=settings.limits,
                log=log,
                new_id=lambda: f"m{next(numbers)}",
                new_body=new_body,
                clock=time.time,
            )

        yield make
