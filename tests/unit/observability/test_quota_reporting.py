# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.connection import Authentication
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.quota import QuotaExcess, QuotaSubject, QuotaUnit
from postward.model.transaction import Transaction
from postward.observability.event import Level
from postward.observability.metrics import WorkerMetrics
from postward.observability.privacy import AddressPrivacy
from postward.observability.quota_reporting import QuotaReporting, quota_event


@pytest.fixture
def message():
    message = Transaction("t1", started_s=0)
    message.queue_id = "4XyZ"
    message.sender = Sender(address=EnvelopeAddress("alice@example.com"))
    message.authentication = Authentication(user="alice@example.com")
    message.recipients.append(Recipient(address=EnvelopeAddress("bob@example.net")))
    return message


EXCESS = QuotaExcess(
    subject=QuotaSubject.LOGIN, name="alice@example.com", unit=QuotaUnit.RECIPIENTS_PER_DAY, limit=50, used=49,
    retry_after_s=1800.4,
)  # fmt: skip


def test_it_is_told_whose_limit_of_what_it_is(message):
    event = quota_event(message, EXCESS, AddressPrivacy.FULL, now_s=5)
    assert (event.name, event.level, event.time_s) == ("quota.exceeded", Level.WARNING, 5)
    told = {name: value for name, value in event.fields.items() if value is not None}
    assert told == {
        "id": "t1", "qid": "4XyZ", "subject": "login", "name": "alice@example.com", "unit": "recipients_per_day",
        "limit": 50, "used": 49, "retry_s": 1800, "rcpts": 1, "user": "alice@example.com", "from": "alice@example.com",
    }  # fmt: skip


def test_as_much_of_an_address_is_told_as_the_operator_wants(message):
    fields = quota_event(message, EXCESS, AddressPrivacy.DOMAIN, now_s=5).fields
    assert (fields["name"], fields["user"], fields["from"]) == ("@example.com",) * 3


class Log:
    def __init__(self):
        self.events = []

    def emit(self, event):
        self.events.append(event)


def test_it_is_logged_and_counted(message):
    log, metrics = Log(), WorkerMetrics()
    QuotaReporting(log, metrics, clock=lambda: 7.0).exceeded(message, EXCESS)
    assert [event.time_s for event in log.events] == [7.0]
    assert metrics.take() == {("postward_quota_refused_total", ("login", "recipients_per_day")): 1}
