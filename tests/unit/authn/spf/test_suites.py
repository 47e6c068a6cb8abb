# SPDX-License-Identifier: GPL-3.0-or-later
"""The public RFC 7208 suite, and our own vectors, from a dictionary and from a real server on loopback.

Where the suite lists several results the first is the preferred one; it is demanded.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
import yaml

from postward.authn.spf import SpfSettings, check_sender
from postward.dns.budget import MessageBudget
from postward.dns.cares import CaresResolver
from postward.dns.settings import DnsSettings
from postward.dns.zone import ZoneLookup
from tests.dns_fixture import DnsFixture

TESTS = Path(__file__).parents[3]
FILES = ("suites/rfc7208/rfc7208-tests.yml", "vectors/spf_extra.yml", "vectors/spf_traps.yml")
SCENARIOS = [scenario for file in FILES for scenario in yaml.safe_load_all((TESTS / file).read_text(encoding="utf-8"))]
CASES = [
    pytest.param(scenario["zonedata"], case, id=f"{number:02}-{name}")
    for number, scenario in enumerate(SCENARIOS)
    for name, case in scenario["tests"].items()
]


@pytest.fixture(scope="module")
def zone(request):
    return ZoneLookup(request.param)


@pytest.fixture(scope="module")
def resolver(request):
    with DnsFixture(request.param) as server:
        resolver = CaresResolver(DnsSettings(servers=(server.address,), timeout_s=1.5, tries=1))
        yield resolver
        resolver.close()


def preferred(case):
    return case["result"] if isinstance(case["result"], str) else case["result"][0]


def result_of(case, lookup):
    client = ip_address(case["host"])
    result = check_sender(
        client=client, mail_from=case["mailfrom"], helo=case["helo"], lookup=lookup, settings=SpfSettings()
    )
    return result.status


@pytest.mark.parametrize(("zone", "case"), CASES, indirect=["zone"])
def test_vector_from_a_zone_file(zone, case):
    assert result_of(case, zone) == preferred(case)


@pytest.mark.parametrize(("resolver", "case"), CASES, indirect=["resolver"])
def test_vector_over_the_network(resolver, case):
    lookup = resolver.lookup(MessageBudget(max_queries=200, deadline_s=float("inf")))
    assert result_of(case, lookup) == preferred(case)
