# SPDX-License-Identifier: GPL-3.0-or-later
"""Every case with its keys in a dictionary, and in a real DNS server that is asked over UDP or over TCP."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import pytest

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from postward.dns.budget import MessageBudget
from postward.dns.cares import CaresResolver
from postward.dns.settings import DnsSettings
from tests.dns_fixture import DnsFixture
from tests.signatures.message import read_message, txt_zone, zone_lookup
from tests.suites.arc.all_cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.dns.resolver import Lookup
    from postward.model.arc import ArcResult
    from tests.suites.arc.case import Case

NOW_S = 1_700_000_000.0

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def truncated_over_udp(query: bytes, answer: bytes | None, tcp: bool) -> Sequence[bytes]:
    """Send answers over TCP only: a datagram says nothing but that it was too short."""
    if answer is None or tcp:
        return [] if answer is None else [answer]
    response = dns.message.make_response(dns.message.from_wire(query))
    response.flags |= dns.flags.TC
    return [response.to_wire()]


@pytest.fixture(scope="module")
def udp_server() -> Iterator[DnsFixture]:
    with DnsFixture() as fixture:
        yield fixture


@pytest.fixture(scope="module")
def tcp_server() -> Iterator[DnsFixture]:
    with DnsFixture(tamper=truncated_over_udp) as fixture:
        yield fixture


def validate(case: Case, lookup: Lookup) -> ArcResult:
    headers, body = read_message(case.raw)
    return validate_chain(headers, BodyDigests(body), lookup, ArcSettings(), NOW_S)


def validate_over_the_network(case: Case, server: DnsFixture) -> ArcResult:
    """Validate with a resolver that has this one server; ``server.queries`` holds what it was asked for."""
    server.set(txt_zone(case.records))
    server.queries.clear()
    resolver = CaresResolver(DnsSettings(servers=(server.address,)))
    try:
        budget = MessageBudget(max_queries=200, deadline_s=time.monotonic() + 20)
        return validate(case, resolver.lookup(budget))
    finally:
        resolver.close()


def check(case: Case, result: ArcResult) -> None:
    assert result.status == case.expect, result.reason
    assert not result.temporary
    assert bool(result.reason) == (case.expect == "fail")


def test_ids_are_unique():
    assert len({case.id for case in CASES}) == len(CASES)


@every_case
def test_case(case: Case):
    check(case, validate(case, zone_lookup(case.records)))


@every_case
def test_case_over_udp(case: Case, udp_server: DnsFixture):
    check(case, validate_over_the_network(case, udp_server))
    over_tcp = any(query.tcp for query in udp_server.queries)
    assert over_tcp == (case.id == "key-too-long-for-a-datagram")


@every_case
def test_case_over_tcp(case: Case, tcp_server: DnsFixture):
    check(case, validate_over_the_network(case, tcp_server))
    asked = {(query.name, query.tcp) for query in tcp_server.queries}
    assert {name for name, tcp in asked if tcp} == {name for name, tcp in asked if not tcp}
    assert bool(asked) or case.expect != "pass"
