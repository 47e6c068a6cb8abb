# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.iprev import check_iprev, prefetch_iprev
from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.zone import ZoneLookup
from postward.model.iprev import IprevStatus

CLIENT = ip_address("192.0.2.1")
REVERSE = "1.2.0.192.in-addr.arpa"


def names(*hosts):
    return {REVERSE: [{"PTR": host} for host in hosts]}


@pytest.mark.parametrize(
    ("zone", "status", "name"),
    [
        (names("m.example") | {"m.example": [{"A": "192.0.2.1"}]}, IprevStatus.PASS, "m.example"),
        (names("M.Example.") | {"m.example": [{"A": "192.0.2.9"}, {"A": "192.0.2.1"}]}, IprevStatus.PASS, "m.example"),
        (names("x.example", "m.example") | {"m.example": [{"A": "192.0.2.1"}]}, IprevStatus.PASS, "m.example"),
        (names("x.example", "m.example") | {"m.example": [{"A": "192.0.2.9"}]}, IprevStatus.FAIL, "x.example"),
        (names("m.example") | {"m.example": [{"AAAA": "2001:db8::1"}]}, IprevStatus.FAIL, "m.example"),
        (names("m.example") | {"m.example": ["TIMEOUT"]}, IprevStatus.TEMPERROR, "m.example"),
        (names("x.example", "y.example") | {"x.example": ["SERVFAIL"]}, IprevStatus.TEMPERROR, "x.example"),
        (
            names("x.example", "m.example") | {"x.example": ["TIMEOUT"], "m.example": [{"A": "192.0.2.1"}]},
            IprevStatus.PASS,
            "m.example",
        ),
        ({REVERSE: ["TIMEOUT"]}, IprevStatus.TEMPERROR, None),
        ({REVERSE: ["SERVFAIL"]}, IprevStatus.TEMPERROR, None),
        ({}, IprevStatus.PERMERROR, None),
        (names("."), IprevStatus.PERMERROR, None),
        ({REVERSE: [{"TXT": "x"}]}, IprevStatus.PERMERROR, None),
    ],
)
def test_status_and_name(zone, status, name):
    result = check_iprev(CLIENT, ZoneLookup(zone))
    assert (result.status, result.name) == (status, name)
    assert bool(result.reason) == (status is not IprevStatus.PASS)


def test_ip6():
    zone = {
        "1" + ".0" * 23 + ".8.b.d.0.1.0.0.2.ip6.arpa": [{"PTR": "m.example"}],
        "m.example": [{"AAAA": "2001:db8::1"}],
    }
    assert check_iprev(ip_address("2001:db8::1"), ZoneLookup(zone)).status == IprevStatus.PASS


def test_a_mapped_address_is_ip4():
    zone = names("m.example") | {"m.example": [{"A": "192.0.2.1"}]}
    assert check_iprev(ip_address("::ffff:192.0.2.1"), ZoneLookup(zone)).status == IprevStatus.PASS


def test_an_eleventh_name_is_ignored():
    zone = names(*(f"n{number}.example" for number in range(10)), "m.example") | {"m.example": [{"A": "192.0.2.1"}]}
    assert check_iprev(CLIENT, ZoneLookup(zone)).status == IprevStatus.FAIL


@pytest.mark.parametrize("failed", [RecordType.PTR, RecordType.A])
def test_a_used_up_budget_is_a_temperror(failed):
    def lookup(_name, record_type):
        if record_type is failed:
            return Answer(outcome=Outcome.BUDGET)
        return Answer(outcome=Outcome.OK, records=("m.example",))

    assert check_iprev(CLIENT, lookup).status == IprevStatus.TEMPERROR


def test_prefetch_asks_for_what_the_check_asks_for():
    lookup = ZoneLookup(names(*(f"n{number}.example" for number in range(12))))
    ahead, needed = [], []

    def prefetch(name, record_type, then=None):
        ahead.append((name, record_type))
        if then is not None:
            then(lookup(name, record_type))

    def recording(name, record_type):
        needed.append((name, record_type))
        return lookup(name, record_type)

    prefetch_iprev(CLIENT, prefetch)
    check_iprev(CLIENT, recording)
    assert ahead == needed
    assert len(ahead) == 11


@given(st.ip_addresses(), st.lists(st.text(), max_size=12), st.sampled_from(Outcome))
def test_whatever_comes(address, hosts, forward):
    def lookup(_name, record_type):
        if record_type is RecordType.PTR:
            return Answer(outcome=Outcome.OK if hosts else Outcome.NXDOMAIN, records=tuple(hosts))
        return Answer(outcome=forward)

    assert check_iprev(address, lookup).status is not IprevStatus.PASS
