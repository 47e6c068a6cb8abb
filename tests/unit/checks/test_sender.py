# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.checks.examination import Examination
from postward.checks.sender import SenderCheck
from postward.directory.directory import Directory
from postward.directory.entry import DomainEntry, Known
from postward.directory.source import SourceFailure
from postward.directory.table import DomainRecord, SenderRecord, Table
from postward.dns.zone import ZoneLookup
from postward.model.connection import Authentication
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.header import HeaderField
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.origin import Direction, Origin
from postward.model.sender_rights import Permission
from postward.model.transaction import Transaction

NOT_JUDGED = (Permission.NOT_JUDGED, Permission.NOT_JUDGED)


class Broken:
    name = "broken"
    is_immediate = False

    def domain(self, name):
        raise SourceFailure("no connection")

    def recipient(self, local_part, domain):
        return Known.NOT_HOSTED

    def sender(self, login):
        raise SourceFailure("no connection")

    def networks(self):
        raise SourceFailure("no connection")

    def close(self):
        pass


@pytest.fixture
def directory():
    record = DomainRecord(
        entry=DomainEntry(name="example.com", tenant="acme"),
        recipients=frozenset({"alice", "bob"}),
        aliases={"sales": ("alice",)},
        senders=(
            SenderRecord(patterns=("@example.org",), logins=("bob",)),
            SenderRecord(patterns=("app@example.com",), networks=(ip_network("192.0.2.0/24"),)),
        ),
    )
    directory = Directory([Table([record])])
    yield directory
    directory.close()


@pytest.fixture
def broken():
    directory = Directory([Broken()])
    yield directory
    directory.close()


def message(*from_values, user="", sender="alice@example.com", client="198.51.100.1", arguments=()):
    transaction = Transaction("t", started_s=0)
    transaction.authentication = Authentication(user=user)
    transaction.sender = Sender(address=EnvelopeAddress(sender), arguments=arguments)
    transaction.origin = Origin(
        direction=Direction.OUTBOUND, reason="r", client=ip_address(client) if client else None, helo=""
    )
    transaction.fields += [HeaderField(b"From", b" " + value.encode()) for value in from_values]
    return transaction


def examined(directory, transaction):
    SenderCheck(directory).run(Examination(transaction, ZoneLookup({}), 0))
    rights = transaction.facts.sender_rights
    assert rights is not None
    return rights


def permissions(directory, transaction):
    rights = examined(directory, transaction)
    return rights.envelope, rights.header_from


@pytest.mark.parametrize("direction", Direction)
def test_mail_of_others_is_not_judged(directory, direction):
    origin = Origin(direction=direction, reason="r", client=None, helo="")
    assert SenderCheck(directory).applies(origin) is (direction is Direction.OUTBOUND)


def test_a_login_uses_its_own(directory):
    rights = examined(directory, message("Alice <alice+x@example.com>", user="alice@example.com"))
    assert (rights.envelope, rights.header_from) == (Permission.ALLOWED, Permission.ALLOWED)
    assert (rights.identity, rights.tenant, rights.own_address) == ("alice@example.com", "acme", "alice@example.com")
    assert (rights.from_addresses, rights.from_fields, rights.author) == (
        ("alice+x@example.com",), 1, "alice+x@example.com",
    )  # fmt: skip


def test_a_login_without_domain_is_that_of_its_entry(directory):
    rights = examined(directory, message("sales@example.com", user="alice"))
    assert (rights.envelope, rights.header_from, rights.own_address) == (
        Permission.ALLOWED, Permission.ALLOWED, "alice@example.com",
    )  # fmt: skip


def test_envelope_and_from_are_judged_apart(directory):
    assert permissions(directory, message("bob@example.com", user="alice@example.com")) == (
        Permission.ALLOWED, Permission.DENIED,
    )  # fmt: skip
    denied = message("alice@example.com", user="alice@example.com", sender="bob@example.com")
    assert permissions(directory, denied) == (Permission.DENIED, Permission.ALLOWED)


def test_the_null_path_is_allowed_and_from_judged(directory):
    bounce = message("bob@example.com", user="alice@example.com", sender="")
    assert permissions(directory, bounce) == (Permission.ALLOWED, Permission.DENIED)


def test_a_login_that_nobody_knows(directory):
    assert permissions(directory, message("eve@example.net", user="eve@example.net", sender="eve@example.net")) == (
        Permission.ALLOWED, Permission.ALLOWED,
    )  # fmt: skip
    assert permissions(directory, message("alice@example.com", user="eve")) == (Permission.DENIED, Permission.DENIED)
    assert permissions(directory, message("a@b.example", user="\r\n" * 1000)) == (Permission.DENIED, Permission.DENIED)


def test_a_client_network(directory):
    allowed = message("app@example.com", sender="app@example.com", client="192.0.2.9")
    assert permissions(directory, allowed) == (Permission.ALLOWED, Permission.ALLOWED)
    assert permissions(directory, message("alice@example.com", client="192.0.2.9")) == (
        Permission.DENIED, Permission.DENIED,
    )  # fmt: skip


def test_a_login_counts_before_its_network(directory):
    transaction = message("app@example.com", user="alice@example.com", sender="app@example.com", client="192.0.2.9")
    assert permissions(directory, transaction) == (Permission.DENIED, Permission.DENIED)


@pytest.mark.parametrize("client", ["198.51.100.1", None])
def test_a_network_of_which_nothing_is_known_is_not_judged(directory, client):
    rights = examined(directory, message("anybody@example.com", client=client))
    assert (rights.envelope, rights.header_from) == NOT_JUDGED
    assert rights.author == "anybody@example.com"


def test_without_a_directory_nobody_is_judged():
    rights = examined(Directory(), message("x@bank.example", user="eve", sender="y@bank.example"))
    assert (rights.envelope, rights.header_from, rights.is_judged) == (*NOT_JUDGED, False)
    assert rights.author == "x@bank.example"


def test_a_directory_that_does_not_answer(broken):
    transaction = message("alice@example.com", user="alice@example.com")
    rights = examined(broken, transaction)
    assert (rights.envelope, rights.header_from) == (Permission.UNAVAILABLE, Permission.UNAVAILABLE)
    assert rights.from_addresses == ("alice@example.com",)
    assert transaction.facts.not_checked == {"sender": "the directory did not answer"}
    assert permissions(broken, message("a@b.example", user="alice", sender=""))[0] is Permission.ALLOWED


@pytest.mark.parametrize(
    ("values", "fields", "is_readable", "author"),
    [
        (["alice@example.com", "alice@example.com"], 2, True, ""),
        (["alice@example.com, bob@example.com"], 1, True, ""),
        (["alice@example.com, <broken"], 1, False, ""),
        ([], 0, True, ""),
    ],
)
def test_what_from_is(directory, values, fields, is_readable, author):
    rights = examined(directory, message(*values, user="alice@example.com"))
    assert (rights.from_fields, rights.from_is_readable, rights.author) == (fields, is_readable, author)


def test_few_addresses_are_kept(directory):
    values = [", ".join(f"a{number}@example.com" for number in range(90))]
    rights = examined(directory, message(*values, user="alice@example.com"))
    assert (len(rights.from_addresses), rights.has_several_authors) == (10, True)


def test_results_are_words(directory):
    transaction = message("bob@example.com", user="alice@example.com")
    assert SenderCheck(directory).results(transaction.facts) == {}
    examined(directory, transaction)
    assert SenderCheck(directory).results(transaction.facts) == {"sender": "allowed", "author": "denied"}


def test_the_envelope_is_judged_before_there_is_a_header(directory):
    check = SenderCheck(directory)
    for sender, permission in (("alice@example.com", Permission.ALLOWED), ("bob@example.com", Permission.DENIED)):
        transaction = message(user="alice@example.com", sender=sender)
        assert check.judge_envelope(transaction).envelope is permission
        recalled = check.recall_envelope(transaction)
        assert recalled is not NOT_REMEMBERED
        assert recalled.envelope is permission


def test_before_the_header_only_logins_are_judged(directory):
    check = SenderCheck(directory)
    transaction = message(sender="x@bank.example", client="192.0.2.9")
    assert not check.judge_envelope(transaction).is_judged
    assert not check.recall_envelope(transaction).is_judged
    assert not SenderCheck(Directory()).judge_envelope(message(user="alice")).is_judged


def test_what_is_not_remembered_is_asked(broken):
    check = SenderCheck(broken)
    transaction = message(user="alice")
    assert check.recall_envelope(transaction) is NOT_REMEMBERED
    assert check.judge_envelope(transaction).envelope is Permission.UNAVAILABLE
