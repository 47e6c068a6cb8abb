# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.directory.entry import DomainEntry, DomainSettings, Known
from postward.errors import DirectoryUnavailable
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.transaction import Transaction
from postward.pipeline.known_recipient import NOT_LOOKED_UP, UNKNOWN_RECIPIENT, KnownRecipient

STRICT = DomainEntry(name="example.com", tenant="t", settings=DomainSettings(reject_unknown_recipients=True))
LENIENT = DomainEntry(name="lenient.example", tenant="t")


class Directory:
    """Knows alice alone, and remembers what it was asked."""

    def __init__(self):
        self.fails = False
        self.remembered = {}

    def domain(self, name):
        if self.fails:
            raise DirectoryUnavailable("down")
        return {"example.com": STRICT, "lenient.example": LENIENT}.get(name)

    def recipient(self, address):
        return Known.YES if address == "alice@example.com" else Known.NO

    def recall_domain(self, name):
        return self.remembered.get(name, NOT_REMEMBERED)

    def recall_recipient(self, address):
        return self.remembered.get(address, NOT_REMEMBERED)


@pytest.fixture
def directory():
    return Directory()


@pytest.fixture
def question(directory):
    return KnownRecipient(directory)


@pytest.fixture
def transaction():
    one = Transaction("t1", started_s=0.0)
    one.connection = Connection(address=ip_address("192.0.2.1"))
    return one


def to(address):
    return Recipient(address=EnvelopeAddress(address))


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("alice@example.com", None),
        ("bob@example.com", UNKNOWN_RECIPIENT),
        ("bob@lenient.example", None),
        ("bob@elsewhere.example", None),
        ("postmaster", None),
    ],
)
def test_only_what_a_domain_knows_not_to_exist_is_refused(question, transaction, address, reply):
    assert question.judge(transaction, to(address)) == reply


def test_an_unreachable_directory_puts_off_and_never_refuses_for_good(question, directory, transaction):
    directory.fails = True
    assert question.judge(transaction, to("alice@example.com")) == NOT_LOOKED_UP
    assert NOT_LOOKED_UP.code == 451


def test_where_users_go_without_the_directory_they_alone_are_not_put_off(directory, transaction):
    lenient = KnownRecipient(directory, defers_users=False)
    directory.fails = True
    assert lenient.judge(transaction, to("alice@example.com")) == NOT_LOOKED_UP
    transaction.authentication = Authentication(user="alice")
    assert lenient.judge(transaction, to("bob@elsewhere.example")) is None
    directory.fails = False
    assert lenient.judge(transaction, to("bob@example.com")) == UNKNOWN_RECIPIENT


def test_what_is_remembered_is_answered_at_once(question, directory, transaction):
    assert question.recall(transaction, to("bob@example.com")) is NOT_REMEMBERED
    directory.remembered["example.com"] = STRICT
    assert question.recall(transaction, to("bob@example.com")) is NOT_REMEMBERED
    directory.remembered["bob@example.com"] = Known.NO
    assert question.recall(transaction, to("bob@example.com")) == UNKNOWN_RECIPIENT
    directory.remembered["elsewhere.example"] = None
    assert question.recall(transaction, to("bob@elsewhere.example")) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_what_a_content_filter_brings_back_was_taken_before(question, transaction, address):
    transaction.connection = Connection(address=ip_address(address))
    assert question.judge(transaction, to("bob@example.com")) is None
    assert question.recall(transaction, to("bob@example.com")) is None
    transaction.authentication = Authentication(user="alice")
    assert question.judge(transaction, to("bob@example.com")) == UNKNOWN_RECIPIENT
