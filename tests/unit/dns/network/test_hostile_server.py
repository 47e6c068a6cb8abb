# SPDX-License-Identifier: GPL-3.0-or-later
"""A server, or somebody in its place, that answers nonsense."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rrset
import pytest

from postward.dns.answer import Outcome, RecordType
from tests.dns_fixture import DnsFixture

WAIT_S = 10.0
ZONE = {"example.com": [{"TXT": "true"}], "ex+ample.com": [{"TXT": "true"}]}
BY_CARES = "example.com"
BY_OURSELVES = "ex+ample.com"


def cut_off(wire):
    return wire[:20]


def garbage(wire):
    return wire[:2] + b"\x81\x80" + b"\xff" * 40


def lying_length(wire):
    # The length of the record's data, before that of its first string.
    at = wire.index(b"true") - 3
    return wire[:at] + b"\xff\xf0" + wire[at + 2 :]


def lying_count(wire):
    return wire[:6] + b"\xff\xff" + wire[8:]


def endless_pointer(wire):
    at = wire.index(b"\xc0\x0c")
    return wire[:at] + b"\xc0" + bytes([at]) + wire[at + 2 :]


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
@pytest.mark.parametrize("spoil", [cut_off, garbage, lying_length, lying_count, endless_pointer])
@pytest.mark.parametrize("tcp", [False, True])
def test_a_malformed_answer_is_a_failure(make_resolver, name, spoil, tcp):
    with DnsFixture(ZONE, tamper=lambda _query, answer, _tcp: [spoil(answer)]) as server:
        if tcp:
            server.set({name: [{"TXT": "true" * 1000}]})
            server.tamper = lambda _query, answer, over_tcp: [spoil(answer) if over_tcp else answer]
        resolver = make_resolver(server.address, timeout_s=0.4, tries=1)
        answer = resolver.resolve(name, RecordType.TXT, WAIT_S)
        assert answer.outcome in {Outcome.SERVFAIL, Outcome.TIMEOUT}
        assert answer.records == ()
        server.tamper = None
        server.set({"good.example": [{"TXT": "fine"}]})
        assert resolver.resolve("good.example", RecordType.TXT, WAIT_S).texts() == (b"fine",)


def other_id(wire):
    return bytes([wire[0] ^ 0xFF]) + wire[1:]


def other_question(wire):
    return wire.replace(b"\x03com", b"\x03cow")


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
@pytest.mark.parametrize("forge", [other_id, other_question])
def test_a_forged_answer_does_not_stand_in_the_way_of_the_true_one(make_resolver, name, forge):
    with DnsFixture(ZONE) as server:
        server.tamper = lambda _query, answer, _tcp: [forge(answer.replace(b"true", b"evil")), answer]
        resolver = make_resolver(server.address, timeout_s=1.0, tries=1)
        assert resolver.resolve(name, RecordType.TXT, WAIT_S).texts() == (b"true",)


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
def test_thousands_of_records_are_cut_down(make_resolver, name):
    with DnsFixture({name: [{"A": f"10.{n >> 8}.{n & 255}.1"} for n in range(3000)]}) as server:
        resolver = make_resolver(server.address, max_records=100)
        assert len(resolver.resolve(name, RecordType.A, WAIT_S).records) == 100


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
def test_the_cache_stays_within_its_bytes(make_resolver, name):
    names = [f"{number}.{name}" for number in range(30)]
    with DnsFixture({name: [{"TXT": "x" * 60_000}] for name in names}) as server:
        resolver = make_resolver(server.address, cache_max_bytes=200_000)
        for long in names:
            assert resolver.resolve(long, RecordType.TXT, WAIT_S).outcome is Outcome.OK
        assert resolver.statistics().cache_bytes <= 200_000
        assert resolver.statistics().cache_entries == 3


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
def test_a_long_chain_and_a_loop_of_cnames_end(make_resolver, name):
    def loop(query, _answer, _tcp):
        response = dns.message.make_response(dns.message.from_wire(query))
        response.flags |= dns.flags.RA
        names = [f"{name}.", *(f"c{number}.example." for number in range(300))]
        for owner, target in zip(names, [*names[1:], names[0]], strict=True):
            response.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", target))
        return [response.to_wire(max_size=65535)]

    with DnsFixture(ZONE, tamper=loop) as server:
        resolver = make_resolver(server.address, timeout_s=1.0, tries=1)
        assert resolver.resolve(name, RecordType.TXT, WAIT_S).outcome in {Outcome.NODATA, Outcome.SERVFAIL}


@pytest.mark.parametrize(
    ("name", "rcode", "status"),
    [
        (BY_CARES, 4, {"ENOTIMP", "ECONNREFUSED"}),
        (BY_CARES, 5, {"EREFUSED", "ECONNREFUSED"}),
        (BY_OURSELVES, 4, {"ENOTIMP"}),
        (BY_OURSELVES, 5, {"EREFUSED"}),
        (BY_OURSELVES, 9, {"RCODE9"}),
    ],
)
def test_a_refusal_is_a_failure_and_counted_as_what_it_is(make_resolver, name, rcode, status):
    def refuse(query, _answer, _tcp):
        response = dns.message.make_response(dns.message.from_wire(query))
        response.set_rcode(rcode)
        return [response.to_wire()]

    with DnsFixture(ZONE, tamper=refuse) as server:
        resolver = make_resolver(server.address, timeout_s=1.0, tries=1)
        assert resolver.resolve(name, RecordType.A, WAIT_S).outcome is Outcome.SERVFAIL
        # c-ares before 1.20 gives one status to all that a server refuses.
        assert set(resolver.statistics().failures) <= status


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
def test_a_server_that_does_not_know_edns_is_asked_without(make_resolver, name):
    def old_fashioned(query, answer, _tcp):
        message = dns.message.from_wire(query)
        if message.edns >= 0:
            response = dns.message.make_response(message)
            response.use_edns(edns=False)
            response.set_rcode(1)
            return [response.to_wire()]
        return [answer]

    with DnsFixture(ZONE, tamper=old_fashioned) as server:
        resolver = make_resolver(server.address, timeout_s=2.0, tries=1)
        assert resolver.resolve(name, RecordType.TXT, WAIT_S).texts() == (b"true",)


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
def test_a_connection_that_gives_nothing_ends_in_time(make_resolver, name):
    with DnsFixture({name: [{"TXT": "x" * 5000}]}) as server:
        server.tamper = lambda _query, answer, tcp: [] if tcp else [answer]
        resolver = make_resolver(server.address, timeout_s=0.4, tries=1)
        assert resolver.resolve(name, RecordType.TXT, WAIT_S).failed
        assert resolver.statistics().in_flight == 0


@pytest.mark.parametrize("name", [BY_CARES, BY_OURSELVES])
def test_nobody_there_is_a_failure(make_resolver, name):
    with DnsFixture({}) as server:
        address = server.address
    resolver = make_resolver(address, timeout_s=1.0, tries=2)
    assert resolver.resolve(name, RecordType.TXT, WAIT_S).failed
