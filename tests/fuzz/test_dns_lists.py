# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a message says and a list answers: only what is known counts, and no question leaves that is no name."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from postward.dns.answer import Answer, Outcome
from postward.dns.names import to_ascii
from postward.dns_lists.answer import ListStatus, read_answer
from postward.dns_lists.asking import LookupAsking
from postward.dns_lists.health import ListHealth
from postward.dns_lists.lists import DnsLists, ListBounds
from postward.dns_lists.presets.all_presets import PRESETS
from postward.dns_lists.subject import address_subject, domain_subject
from postward.dns_lists.zone import DOMAINS, Subject
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import LINE
from tests.fuzz.hostile_dns import HostileDns
from tests.unit.checks.content.letters import suffixes

ZONES = tuple(replace(zone, key="s3cret") for zone in PRESETS.values())
KNOWN = {symbol.name for zone in ZONES for symbol in zone.symbols}
HOSTS = st.one_of(LINE, st.text(max_size=260), st.from_regex(r"[a-z0-9.-]{1,80}", fullmatch=True))
SUBJECTS = st.one_of(
    st.builds(
        address_subject,
        st.sampled_from([Subject.CLIENT, Subject.RECEIVED]),
        st.ip_addresses(),
        is_connecting=st.booleans(),
    ),
    st.builds(
        lambda kind, host: domain_subject(kind, host, suffixes().organizational_domain),
        st.sampled_from(sorted(DOMAINS)),
        HOSTS,
    ),
)


@fuzz(data=st.data(), subjects=st.lists(SUBJECTS, max_size=8))
def test_lists(data, subjects):
    dns = HostileDns(data)
    health = ListHealth(ZONES, lambda: 0.0)
    for zone in ZONES:
        health.probed(zone, "")
    lists = DnsLists(ZONES, LookupAsking(dns), health, ListBounds(questions=50))
    verdict = lists.judge([subject for subject in subjects if subject is not None])
    for finding in verdict.findings:
        assert finding.name in KNOWN
        assert finding.detail.isascii()
        assert finding.detail.isprintable()
        assert len(finding.detail) <= 200
    assert verdict.not_asked.isascii()
    assert "s3cret" not in f"{verdict}"


@fuzz(address=st.one_of(st.ip_addresses(v=4), st.ip_addresses(network="127.0.0.0/12")), zone=st.sampled_from(ZONES))
def test_list_answers(address, zone):
    read = read_answer(zone, Answer(outcome=Outcome.OK, records=(address,)))
    is_known = any(code.pattern.matches(address) for code in zone.codes)
    assert read.status is ListStatus.LISTED or not read.codes
    assert read.status is not ListStatus.LISTED or is_known
    if not address.is_loopback:
        assert read.status is ListStatus.ERROR
    assert to_ascii(zone.suffix) == zone.suffix.lower()
