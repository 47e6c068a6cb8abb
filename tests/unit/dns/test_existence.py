# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.dns.answer import RecordType
from postward.dns.existence import exists
from postward.dns.zone import ZoneLookup
from tests.dns_fixture import DnsFixture

ZONE = {
    "host.example": [{"A": "192.0.2.1"}],
    "text.example": [{"TXT": "x"}],
    "a.inner.example": [{"TXT": "x"}],
    "dangling.example": [{"CNAME": "nowhere.invalid"}],
    "dead.example": "TIMEOUT",
    "dangling-dead.example": [{"CNAME": "dead.example"}],
}
EXPECTED = {
    "host.example": True,
    "text.example": True,
    "inner.example": True,
    "dangling.example": True,
    "absent.example": False,
    "below.host.example": False,
    "dead.example": None,
    "dangling-dead.example": None,
    "a..b": False,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_only_a_name_that_is_not_there_does_not_exist(name):
    assert exists(ZoneLookup(ZONE), name) is EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_network_says_the_same(name, make_resolver):
    with DnsFixture(ZONE) as server:
        resolver = make_resolver(server.address, timeout_s=0.3, tries=1)

        def lookup(name, record_type):
            return resolver.resolve(name, RecordType(record_type), 5.0)

        assert exists(lookup, name) is EXPECTED[name]
