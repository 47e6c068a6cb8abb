# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dmarc import read_authors
from postward.checks.sender_rights import (
    author_permission,
    entry_of_unknown,
    envelope_permission,
    may_use,
    own_address,
)
from postward.directory.entry import SenderEntry
from postward.model.envelope import EnvelopeAddress
from postward.model.sender_rights import Permission

LOGIN = "alice@example.com"
LONG = f"{'a' * 200}@{'b' * 60}.{'c' * 60}.example"
"""Longer than what is written into a field of a message."""
ENTRY = SenderEntry(
    identity=LOGIN,
    addresses=frozenset({LOGIN, "sales@example.com", "lit+eral@example.com", "\xe4@example.com"}),
    domains=frozenset({"whole.example", "xn--bcher-kva.example"}),
    parent_domains=frozenset({"parent.example"}),
)


@pytest.mark.parametrize(
    "address",
    [
        "alice@example.com",
        "ALICE@Example.COM",
        "alice@example.com.",
        '"alice"@example.com',
        "alice+tag@example.com",
        "alice+a+b@example.com",
        "sales@example.com",
        "lit+eral@example.com",
        "\xe4@example.com",
        "\xc4@example.com",
        "any.body@whole.example",
        "x@b\xfccher.example",
        "x@B\xdcCHER.example",
        "x@XN--BCHER-KVA.example",
        "x@sub.parent.example",
        "x@a.b.c.parent.example",
    ],
)
def test_what_the_entry_gives(address):
    assert may_use(address, ENTRY, LOGIN)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "alice",
        "@example.com",
        "bob@example.com",
        "alicex@example.com",
        "+alice@example.com",
        "bob+alice@example.com",
        "lit@example.com",
        "alice@example.com@bank.example",
        "ceo@bank.example@whole.example",
        '"ceo@bank.example"@whole.example',
        '"a b"@whole.example',
        "@relay.example:alice@example.com",
        "a,b@whole.example",
        "a\r\nb@whole.example",
        "a\x00@whole.example",
        "a\udcff@whole.example",
        "x@sub.whole.example",
        "x@parent.example",
        "x@notparent.example",
        "x@whole.example..",
        "x@bank.example\r\n.parent.example",
        "x@bank.example> .parent.example",
        "x@whole.example.bank.example",
        "alice@sub.example.com",
        "alice@[192.0.2.1]",
        "a" * 100_000 + "@whole.example",
        "x@" + "a." * 100_000 + "parent.example",
    ],
)
def test_what_it_does_not_give(address):
    assert not may_use(address, ENTRY, LOGIN)


def test_anything_is_anything():
    anybody = SenderEntry(identity="relay", may_use_any=True)
    assert may_use('"a b"@x', anybody, "")
    assert may_use("alice", anybody, "")


@pytest.mark.parametrize(
    ("login", "address", "allowed"),
    [
        ("alice@example.com", "alice+x@example.com", True),
        ("Alice@B\xfccher.example", "alice@xn--bcher-kva.example", True),
        ("alice@example.com", "bob@example.com", False),
        ("alice", "alice@example.com", False),
        ("a\r\nb@example.com", "a\r\nb@example.com", False),
        ("", "alice@example.com", False),
    ],
)
def test_a_login_that_nobody_knows_may_use_its_own_address(login, address, allowed):
    assert may_use(address, entry_of_unknown(login), login) is allowed


def test_the_login_is_its_own_also_where_its_entry_does_not_say_so():
    assert may_use(LOGIN, SenderEntry(identity=LOGIN), LOGIN)
    assert not may_use(LOGIN, SenderEntry(identity=LOGIN), "")


def test_the_null_path_is_everybodys():
    assert envelope_permission(EnvelopeAddress(""), entry_of_unknown("alice"), "alice") is Permission.ALLOWED
    assert envelope_permission(EnvelopeAddress("x"), entry_of_unknown("alice"), "alice") is Permission.DENIED


@pytest.mark.parametrize(
    ("values", "permission"),
    [
        ([], Permission.NOT_JUDGED),
        (["Alice <alice@example.com>"], Permission.ALLOWED),
        (["alice@example.com, sales@example.com"], Permission.ALLOWED),
        (['"ceo@bank.example" <alice@example.com>'], Permission.ALLOWED),
        (["<@bank.example:alice@example.com>"], Permission.ALLOWED),
        (["alice@example.com (ceo@bank.example)"], Permission.ALLOWED),
        (["alice@example.com, ceo@bank.example"], Permission.DENIED),
        (["alice@example.com", "ceo@bank.example"], Permission.DENIED),
        (['"alice@example.com" <ceo@bank.example>'], Permission.DENIED),
        (["alice@example.com <ceo@bank.example>"], Permission.DENIED),
        (["ceo@bank.example <alice@example.com>"], Permission.DENIED),
        (["Board: alice@example.com, ceo@bank.example;"], Permission.DENIED),
        (["=?utf-8?q?alice=40example.com?= <ceo@bank.example>"], Permission.DENIED),
        (["=?utf-8?q?alice?=@example.com"], Permission.DENIED),
        (["ceo@bank.example (alice@example.com)"], Permission.DENIED),
        (["<@example.com,@whole.example:ceo@bank.example>"], Permission.DENIED),
        (["alice@example.com, <broken"], Permission.DENIED),
        (["alice"], Permission.DENIED),
        ([""], Permission.DENIED),
        (["alice@example.com\x00"], Permission.DENIED),
        (["alice@example.com" + "," * 40_000 + "ceo@bank.example"], Permission.DENIED),
        (["alice@example.com"] * 11, Permission.DENIED),
    ],
)
def test_all_that_may_be_seen_as_author_is_judged(values, permission):
    authors = read_authors([value.encode() for value in values])
    assert author_permission(authors, ENTRY, LOGIN) is permission


def test_who_may_use_any_may_use_what_cannot_be_read():
    relay = SenderEntry(identity="192.0.2.0/24", may_use_any=True)
    assert author_permission(read_authors([b"<broken"]), relay, "") is Permission.ALLOWED


@pytest.mark.parametrize(
    ("entry", "login", "smtputf8", "own"),
    [
        (ENTRY, LOGIN, False, LOGIN),
        (ENTRY, "Sales@Example.com", False, "sales@example.com"),
        (ENTRY, "alice", False, LOGIN),
        (SenderEntry(identity="al", addresses=frozenset({"b@x.example", "a@x.example"})), "al", False, "a@x.example"),
        (SenderEntry(identity="192.0.2.0/24", addresses=frozenset({"a@x.example"})), "", False, "a@x.example"),
        (SenderEntry(identity="alice", addresses=frozenset({"\xe4@x.example"})), "alice", False, ""),
        (SenderEntry(identity="alice", addresses=frozenset({"\xe4@x.example"})), "alice", True, "\xe4@x.example"),
        (SenderEntry(identity="alice", domains=frozenset({"x.example"})), "alice", False, ""),
        (entry_of_unknown("ceo@bank.example\r\nBcc: x"), "ceo@bank.example\r\nBcc: x", False, ""),
        (entry_of_unknown("\u2665@x.example"), "\u2665@x.example", True, ""),
        (entry_of_unknown(LONG), LONG, False, ""),
        (SenderEntry(identity=LONG, addresses=frozenset({LOGIN})), LONG, False, LOGIN),
    ],
)  # fmt: skip
def test_the_own_address(entry, login, smtputf8, own):
    assert own_address(entry, login, smtputf8=smtputf8) == own
