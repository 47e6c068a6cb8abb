# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.dns.answer import Outcome, RecordType
from postward.dns.network.supply import FAILURES_IN_A_ROW, MAX_QUERIES, RENEWAL_PAUSE_S
from tests.dns_fixture import DnsFixture

WAIT_S = 10.0
BURST = 40
"""So many at a time: more of them would overflow what the kernel holds for the server."""


def supply_of(resolver):
    return resolver._dispatcher._network._supply


def test_a_channel_is_replaced_after_so_many_queries_and_its_answers_are_not_lost(make_resolver):
    with DnsFixture({"example.com": [{"A": "192.0.2.1"}]}) as server:
        resolver = make_resolver(server.address, timeout_s=WAIT_S)
        first = supply_of(resolver)._channel
        names = [f"{number}.example.com" for number in range(MAX_QUERIES + BURST)]
        outcomes = set()
        for start in range(0, len(names), BURST):
            burst = names[start : start + BURST]
            for name in burst:
                resolver.prefetch(name, RecordType.A)
            outcomes |= {resolver.resolve(name, RecordType.A, WAIT_S).outcome for name in burst}
        assert outcomes == {Outcome.NXDOMAIN}
        assert supply_of(resolver)._channel is not first
        assert supply_of(resolver)._retired == []


def test_a_channel_whose_servers_all_fail_is_replaced_after_a_pause(make_resolver, clock):
    with DnsFixture({"sick.example": "SERVFAIL"}) as server:
        server.set({f"{number}.example": "SERVFAIL" for number in range(FAILURES_IN_A_ROW + 2)})
        resolver = make_resolver(server.address, clock=clock, tries=1)
        first = supply_of(resolver)._channel
        for number in range(FAILURES_IN_A_ROW + 1):
            resolver.resolve(f"{number}.example", RecordType.A, WAIT_S)
        assert supply_of(resolver)._channel is first
        clock.advance(RENEWAL_PAUSE_S)
        resolver.resolve(f"{FAILURES_IN_A_ROW + 1}.example", RecordType.A, WAIT_S)
        assert supply_of(resolver)._channel is not first
        assert resolver.resolve("absent.example", RecordType.A, WAIT_S).outcome is Outcome.NXDOMAIN
