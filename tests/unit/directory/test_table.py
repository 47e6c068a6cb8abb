# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.directory.directory import Directory
from postward.directory.entry import DomainEntry, Known
from postward.directory.source import UnusableAnswer
from postward.directory.table import DomainRecord, SenderRecord, Table
from tests.unit.directory.records import EXAMPLE_COM, EXAMPLE_ORG, SILENT


@pytest.fixture
def directory():
    return Directory([Table([EXAMPLE_COM, EXAMPLE_ORG, SILENT])])


def record(name, **others):
    return DomainRecord(entry=DomainEntry(name=name, tenant=name), **others)


def test_a_directory_without_sources_is_empty():
    directory = Directory()
    assert directory.is_empty
    assert directory.domain("example.com") is None
    assert directory.recipient("a@example.com") is Known.NOT_HOSTED
    assert directory.sender("alice", None) is None


def test_what_is_in_memory_is_recalled_at_once(directory):
    assert not directory.is_empty
    assert directory.recall_domain("Example.COM").tenant == "acme"
    assert directory.recall_recipient("alice@example.com") is Known.YES
    assert directory.recall_sender("alice@example.com", None).tenant == "acme"
    assert directory.recall_sender("", ip_address("192.0.2.200")).identity == "192.0.2.128/25"


def test_a_name_without_domain_stands_for_the_one_login_that_has_it(directory):
    assert directory.sender("Alice", None) == directory.sender("alice@example.com", None)


def test_a_name_in_two_domains_is_nobodys():
    directory = Directory([Table([EXAMPLE_COM, record("other.example", recipients=frozenset({"alice"}))])])
    assert directory.sender("alice", None) is None
    assert directory.sender("alice@other.example", None).addresses == {"alice@other.example"}


def test_a_login_may_have_rights_from_another_domain():
    other = record("other.example", senders=(SenderRecord(logins=("alice@example.com",), patterns=("info",)),))
    entry = Directory([Table([EXAMPLE_COM, other])]).sender("alice@example.com", None)
    assert "info@other.example" in entry.addresses
    assert entry.tenant == "acme"


def test_a_login_of_no_hosted_domain_has_no_tenant():
    other = record("other.example", senders=(SenderRecord(logins=("a@elsewhere.example",), patterns=("info",)),))
    assert Directory([Table([other])]).sender("a@elsewhere.example", None).tenant == ""


def test_a_group_with_too_many_members_is_refused():
    members = tuple(f"user{number}" for number in range(10_001))
    with pytest.raises(UnusableAnswer, match="more than 10000 addresses"):
        Table([record("example.com", groups={"all": members})])


def test_aliases_behind_aliases_count():
    table = Table([record("example.com", aliases={"info": ("sales",), "sales": ("alice",)})])
    assert table.sender("alice@example.com").addresses == {f"{name}@example.com" for name in ("alice", "sales", "info")}


def test_the_same_network_in_one_domain_twice_adds_up():
    senders = tuple(
        SenderRecord(networks=(ip_network("192.0.2.1"),), patterns=(pattern,)) for pattern in ("a", "@b.example")
    )
    ((_, entry),) = Table([record("example.com", senders=senders)]).networks()
    assert (entry.addresses, entry.domains) == ({"a@example.com"}, {"b.example"})
