# SPDX-License-Identifier: GPL-3.0-or-later
"""What is LDAP's own: filters, names of attributes, entries that are there twice."""

from __future__ import annotations

import re

import ldap3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldap3.operation.search import parse_filter

from postward.directory.entry import Known
from postward.directory.ldap.connections import LdapConnections, _check
from postward.directory.ldap.filter import filled, is_filter
from postward.directory.ldap.profiles import LdapProfiles
from postward.directory.ldap.source import LdapSource
from postward.directory.source import SourceFailure, UnusableAnswer
from tests.directory_servers import ldap_data
from tests.directory_servers.slapd import ADMIN, PASSWORD, SUFFIX


@pytest.fixture
def make(holders):
    made = []

    def make(**settings):
        made.append(LdapSource(ldap_data.settings(holders["ldap"].server.url, 20.0, **settings)))
        return made[-1]

    yield make
    for source in made:
        source.close()


@given(st.text(max_size=40))
def test_whatever_goes_into_a_filter_stays_one_value(value):
    text = filled("(&(a={login})(b=c))", {"login": value})
    assert text.count("(") == 3
    assert text.count(")") == 3
    assert "*" not in text
    assert "\x00" not in text
    parsed = parse_filter(text, None, auto_escape=False, auto_encode=True, validator=None, check_names=False)
    leaf = parsed.elements[0].elements[0]
    found = re.sub(rb"\\([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), leaf.assertion["value"])
    assert found == value.encode(errors="replace")


def test_values_are_not_filled_in_twice():
    assert filled("(a={login})", {"login": "{domain}", "domain": "x"}) == "(a=\\7bdomain\\7d)"


@pytest.mark.parametrize("text", ["(a={login})", "(&(a=b)(|(c={login})(d=*)))", "(!(a=b))"])
def test_filters(text):
    assert is_filter(text)


@pytest.mark.parametrize("text", ["", "a=b", "(a=b", "(a=b))", "(&(a=b)", "()", "((a=b))"])
def test_what_is_no_filter(text):
    assert not is_filter(text)


def test_nothing_is_asked_where_there_is_no_filter(make):
    source = make(domain_filter=None, recipient_filter=None, sender_filter=None, network_filter=None)
    assert source.domain("example.com") is None
    assert source.recipient("alice", "example.com") is Known.NOT_HOSTED
    assert source.sender("alice") is None
    assert source.networks() == ()


def test_a_domain_with_two_entries_cannot_be_used(make):
    with pytest.raises(UnusableAnswer, match="more than 1 entries"):
        make().domain("twice.example")


def test_an_attribute_with_two_values_cannot_be_used_as_one(make):
    source = make(
        domain_filter="(&(pwNetwork=192.0.2.0/24)(!(pwDomain={domain})))", domain_attributes={"x": "pwNetwork"}
    )
    with pytest.raises(UnusableAnswer, match="several"):
        source.domain("example.com")


def test_attributes_are_found_however_they_are_written(make):
    source = make(pattern_attributes=("PWMAYUSE",), tenant_attribute="pwtenant")
    assert source.sender("carol").addresses == {"carol@example.com"}
    assert source.sender("carol").tenant == "acme"


@pytest.mark.parametrize(
    "settings",
    [
        {"base": "dc=elsewhere"},
        {"bind_password": "wrong"},
        {"bind_dn": "no dn", "bind_password": "x"},
        {"url": "ldap://127.0.0.1:1"},
        {"url": "ldaps://127.0.0.1:1"},
        {"start_tls": True},
    ],
)
def test_what_the_server_refuses_is_a_failure(holders, settings):
    values = {"url": holders["ldap"].server.url} | settings
    source = LdapSource(ldap_data.settings(values.pop("url"), 20.0, **values))
    with pytest.raises(SourceFailure) as caught:
        source.domain("example.com")
    assert not isinstance(caught.value, UnusableAnswer)
    assert "wrong" not in str(caught.value)
    source.close()


@pytest.mark.parametrize("code", [3, 10, 11, 51])
def test_an_answer_that_may_be_incomplete_is_none(code):
    # busy (51), a referral (10), a time limit (3) or an administrative one (11): whoever is not found may be there.
    with pytest.raises(SourceFailure, match=str(code)):
        _check(code, 1)


def test_a_connection_that_is_used_again_fails_as_a_new_one_does(holders):
    connections = LdapConnections(ldap_data.settings(holders["ldap"].server.url, 20.0))
    for _ in range(2):
        assert len(connections.search("(pwLogin=carol)", (), 1)) == 1
        with pytest.raises(SourceFailure):
            connections.search("(pwLogin=carol", (), 1)
    connections.close()


def test_asking_as_nobody(make):
    assert make(bind_dn=None, bind_password=None).sender("carol").addresses == {"carol@example.com"}


@pytest.fixture
def crowd(holders):
    """More people than a server gives at a time; gives how many."""
    connection = ldap3.Connection(
        ldap3.Server(holders["ldap"].server.url, get_info=ldap3.NONE), ADMIN, PASSWORD, auto_bind=True
    )
    names = [f"ou=crowd{number},{SUFFIX}" for number in range(1_201)]
    for number, name in enumerate(names):
        attributes = {"mail": f"u{number}@example.com", "pwName": f"User {number}", "pwKind": "crowd"}
        connection.add(name, ["organizationalUnit", "extensibleObject"], attributes)
    yield len(names)
    for name in names:
        connection.delete(name)
    connection.unbind()


def test_all_people_come_however_many_pages_they_take(make, crowd):
    source = make(people_filter="(pwKind=crowd)", address_attributes=("mail",))
    assert len(source.people()) == crowd
    assert source.domain("example.com").tenant == "acme"


def test_more_people_than_may_be_are_refused(make, crowd):
    with pytest.raises(UnusableAnswer, match="more than 600 entries"):
        make()._connections.search_all("(pwKind=crowd)", ("mail",), 600)


def test_people_need_an_attribute_with_their_name(make):
    assert make(profile_attributes={}).people() == ()
    assert make(people_filter=None).people() == ()


@pytest.mark.parametrize(
    ("manager", "address"),
    [
        (f"ou=0,{SUFFIX}", "bob@example.com"),
        ("bob@example.com", "bob@example.com"),
        (f"ou=gone,{SUFFIX}", ""),
        ("dc=elsewhere", ""),
        (SUFFIX, ""),
        ("whatever, it is", ""),
    ],
)
def test_a_manager_is_an_address_or_an_entry_that_has_one(make, holders, manager, address):
    source = make()
    read = LdapProfiles(source._settings, source._connections)
    assert read._address_of(manager) == address
    assert source.profile("alice", "example.com").manager == "bob@example.com"


def test_no_group_is_asked_for_where_nothing_says_how(make):
    source = make(member_of_attribute=None, profile_group_filter=None, group_filter=None)
    assert source.profile("alice", "example.com").groups == frozenset()
    assert source.profile("support", "example.com") is None


def test_the_first_of_several_values_is_taken(make):
    source = make(profile_filter="(pwPerson={address})", profile_attributes={"class": "objectClass"})
    assert source.profile("bob", "example.com").attributes["class"]
