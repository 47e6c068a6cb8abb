from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from postward.dns.budget import MessageBudget
from postward.dns.cares import CaresResolver
from postward.dns.settings import DnsSettings
from tests.dns_fixture import DnsFixture
from tests.signatures.message import read_message, txt_zone, zone_lookup
from tests.suites.arc import (
    chain_cases,
    change_cases,
    dkimpy_cases,
    key_cases,
    message_signature_cases,
    results_cases,
    seal_cases,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.dns.resolver import Lookup
    from postward.model.arc import ArcResult
    from tests.suites.arc.case import Case

NOW_S = 1_700_000_000.0

MODULES = (
    dkimpy_cases, chain_cases, message_signature_cases, seal_cases, results_cases, key_cases, change_cases,
)  # fmt: skip

CASES = [case for module in MODULES for case in module.cases()]


@pytest.fixture(scope="module")
def server() -> Iterator[DnsFixture]:
    with DnsFixture() as fixture:
        yield fixture


def validate(case: Case, lookup: Lookup) -> ArcResult:
    headers, body = read_message(case.raw)
    return validate_chain(headers, BodyDigests(body), lookup, ArcSettings(), NOW_S)


def check(case: Case, result: ArcResult) -> None:
    assert result.status == case.expect, result.reason
    assert not result.temporary
    assert bool(result.reason) == (case.expect == "fail")


def test_ids_are_unique():
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case):
    check(case, validate(case, zone_lookup(case.records)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case_over_the_network(case: Case, server: DnsFixture):
    server.set(txt_zone(case.records))
    resolver = CaresResolver(DnsSettings(servers=(server.address,)))
    try:
        budget = MessageBudget(max_queries=200, deadline_s=time.monotonic() + 20)
        check(case, validate(case, resolver.lookup(budget)))
    finally:
        resolver.close()
