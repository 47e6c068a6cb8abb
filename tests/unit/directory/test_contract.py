# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.directory.entry import DomainEntry, DomainSettings, Known
from postward.model.profile import Person, Profile
from tests.unit.directory.conftest import SERVERS


@pytest.fixture(params=["files", *SERVERS])
def directory(request, holders, open_directory):
    return open_directory(holders[request.param].source(20.0))


def test_a_domain(directory):
    assert directory.domain("Example.COM.") == DomainEntry(
        name="example.com",
        tenant="acme",
        settings=DomainSettings(junk_threshold=4.5, reject_unknown_recipients=True, values={"banner": "external"}),
    )


def test_a_domain_of_which_nothing_more_is_said(directory):
    assert directory.domain("example.org") == DomainEntry(name="example.org", tenant="example.org")


@pytest.mark.parametrize("name", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"])
def test_an_internationalized_domain_is_its_a_label(directory, name):
    assert directory.domain(name).tenant == "books"


@pytest.mark.parametrize(
    "name", ["example.net", "", "sub.example.com", "' OR '1'='1", "*", "example.com\x00", "a" * 400]
)
def test_a_domain_that_is_not_hosted(directory, name):
    assert directory.domain(name) is None


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("alice@example.com", Known.YES),
        ("ALICE@EXAMPLE.COM", Known.YES),
        ("alice+tag@example.com", Known.YES),
        ("literal+tag@example.com", Known.YES),
        ("sales@example.com", Known.YES),
        ("support@example.com", Known.YES),
        ("postmaster@example.com", Known.YES),
        ("anybody@example.org", Known.YES),
        ("mallory@example.com", Known.NO),
        ("literal+other@example.com", Known.NO),
        ("*@example.com", Known.NO),
        ("a*@example.com", Known.NO),
        ("x)(mail=alice@example.com", Known.NO),
        ("*)(|(mail=*)@example.com", Known.NO),
        ("' OR 1=1 --@example.com", Known.NO),
        ("'or'1'='1@example.com", Known.NO),
        (":address@example.com", Known.NO),
        ("%@example.com", Known.NO),
        ("\\2a@example.com", Known.NO),
        ("{domain}@example.com", Known.NO),
        ("alice\r\nSISMEMBER@example.com", Known.NO),
        ("älice@example.com", Known.NO),
        ("al\udcffice@example.com", Known.NO),
        ("anybody@example.net", Known.NOT_HOSTED),
    ],
)
def test_recipients(directory, address, known):
    assert directory.recipient(address) is known


def test_what_an_address_a_domain_and_those_below_it_give(directory):
    entry = directory.sender("Alice@Example.COM", None)
    assert (entry.identity, entry.tenant, entry.may_use_any) == ("alice@example.com", "acme", False)
    assert entry.addresses == {f"{name}@example.com" for name in ("alice", "sales", "support", "second")}
    assert (entry.domains, entry.parent_domains) == ({"example.net"}, {"example.net"})


def test_a_group_gives_its_members_and_a_circle_of_groups_ends(directory):
    entry = directory.sender("bob@example.com", None)
    names = {"alice@example.com", "bob@example.com", "carol@example.org", "support@example.com", "second@example.com"}
    assert names <= entry.addresses <= names | {"sales@example.com"}


def test_a_login_may_be_allowed_everything(directory):
    assert directory.sender("root@example.com", None).may_use_any


@pytest.mark.parametrize(
    "login",
    [
        "mallory@example.com", "nobody", "*", "*)(pwLogin=*", "alice@example.com)(mail=*", "' OR 1=1 --", "a" * 320,
        "alice\\40example.com", "alice@example.com'; DROP TABLE rights; --", "{login}", ":login", "\udcff", "a\x00b",
    ],
)  # fmt: skip
def test_a_login_that_is_not_known(directory, login):
    assert directory.sender(login, ip_address("192.0.2.1")) is None


@pytest.mark.parametrize(
    ("client", "identity", "addresses", "domains"),
    [
        ("192.0.2.1", "192.0.2.0/24", set(), {"example.com"}),
        ("192.0.2.129", "192.0.2.128/25", {"printer@example.com"}, set()),
        ("::ffff:192.0.2.129", "192.0.2.128/25", {"printer@example.com"}, set()),
        ("2001:db8::1", "2001:db8::/32", set(), {"example.com"}),
    ],
)
def test_the_narrowest_network_wins(directory, client, identity, addresses, domains):
    entry = directory.sender("", ip_address(client))
    assert (entry.identity, entry.tenant) == (identity, "acme")
    assert (entry.addresses, entry.domains) == (addresses, domains)


def test_a_client_of_no_network(directory):
    assert directory.sender("", ip_address("198.51.100.1")) is None


@pytest.mark.parametrize("address", ["alice@example.com", "ALICE+tag@Example.COM.", '"alice"@example.com'])
def test_a_profile(directory, address):
    assert directory.profile(address) == Profile(
        address="alice@example.com",
        name="Alice Example",
        groups=frozenset({"all staff", "support", "support@example.com", "second", "second@example.com"}),
        attributes={"department": "sales"},
        manager="bob@example.com",
        other_addresses=frozenset({"alice@elsewhere.example"}),
    )


@pytest.mark.parametrize(("name", "kind"), [("alice", "user"), ("bob", "shared"), ("support", "group")])
def test_the_kind_of_an_address(directory, name, kind):
    assert directory.profile(f"{name}@example.com").kind == kind


@pytest.mark.parametrize(
    "address",
    [
        "mallory@example.com", "anybody@example.net", "*@example.com", "x)(pwPerson=alice@example.com", "' OR 1=1 --@x",
        "*)(|(pwPerson=*)@example.com", "'or'1'='1@example.com", ":address@example.com", "{dn}@example.com", "", "@",
        "alice\r\nHGETALL@example.com", "al\udcffice@example.com", "alice", "a" * 100_000 + "@example.com",
    ],
)  # fmt: skip
def test_an_address_of_which_nothing_is_known(directory, address):
    assert directory.profile(address) is None


def test_people(directory):
    assert set(directory.people()) == {
        Person(name="Alice Example", addresses=frozenset({"alice@example.com", "alice@elsewhere.example"})),
        Person(name="Bob Example", addresses=frozenset({"bob@example.com"})),
    }


def test_what_was_asked_is_recalled(directory):
    directory.profile("bob+x@example.com")
    directory.profile("mallory@example.com")
    directory.people()
    assert directory.recall_profile("bob+y@example.com").name == "Bob Example"
    assert directory.recall_profile("mallory@example.com") is None
    assert len(directory.recall_people()) == 2
    directory.domain("example.com")
    directory.recipient("alice+x@example.com")
    directory.recipient("mallory@example.com")
    directory.sender("alice@example.com", None)
    directory.sender("", ip_address("192.0.2.1"))
    assert directory.recall_domain("example.com").tenant == "acme"
    assert directory.recall_recipient("alice+y@example.com") is Known.YES
    assert directory.recall_recipient("mallory@example.com") is Known.NO
    assert directory.recall_sender("alice@example.com", None).tenant == "acme"
    assert directory.recall_sender("", ip_address("192.0.2.200")).identity == "192.0.2.128/25"
