# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixture itself: what it serves is what the zone file says, and other people's client understands it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
import yaml

from postward.dns.answer import Outcome, RecordType
from postward.dns.zone import ZoneLookup
from tests.dns_fixture import DnsFixture, Query

ROOT = Path(__file__).parents[3]
SUITE = ROOT / "tests" / "suites" / "rfc7208" / "rfc7208-tests.yml"
WAIT_S = 10.0


def ask(server, name, record_type, *, tcp=False, **options):
    query = dns.message.make_query(name, record_type, **options)
    if tcp:
        return dns.query.tcp(query, "127.0.0.1", port=server.port, timeout=WAIT_S)
    return dns.query.udp(query, "127.0.0.1", port=server.port, timeout=WAIT_S)


def test_negative_answers_carry_the_soa_that_says_how_long_they_last():
    with DnsFixture({"a.example": [{"A": "192.0.2.1"}]}) as server:
        absent, empty = ask(server, "b.example", "A"), ask(server, "a.example", "TXT")
    assert (absent.rcode(), empty.rcode()) == (dns.rcode.NXDOMAIN, dns.rcode.NOERROR)
    assert [answer.authority[0].rdtype.name for answer in (absent, empty)] == ["SOA", "SOA"]
    assert absent.flags & dns.flags.RA


def test_a_chain_of_cnames_is_in_the_answer():
    with DnsFixture({"a": [{"CNAME": "b"}], "b": [{"CNAME": "c"}], "c": [{"A": "192.0.2.1"}]}) as server:
        answer = ask(server, "A.", "A")
    assert [rrset.to_text() for rrset in answer.answer] == [
        "A. 60 IN CNAME b.",
        "b. 60 IN CNAME c.",
        "c. 60 IN A 192.0.2.1",
    ]


def test_records_keep_their_order_and_strings():
    with DnsFixture({"a": [{"TXT": ["x", "y"]}, {"TXT": "z"}, {"TXT": "q" * 300}, {"TXT": []}]}) as server:
        answer = ask(server, "a.", "TXT", tcp=True)
    strings = [rdata.strings for rrset in answer.answer for rdata in rrset]
    assert strings == [(b"x", b"y"), (b"z",), (b"q" * 255, b"q" * 45), (b"",)]


def test_what_does_not_fit_is_truncated_and_whole_over_tcp():
    with DnsFixture({"a": [{"TXT": "x" * 600}]}) as server:
        small, roomy = ask(server, "a.", "TXT"), ask(server, "a.", "TXT", use_edns=0, payload=1232)
        assert small.flags & dns.flags.TC
        assert not small.answer
        assert not roomy.flags & dns.flags.TC
        assert ask(server, "a.", "TXT", tcp=True).answer
        assert server.queries == [
            Query("a", "TXT"),
            Query("a", "TXT"),
            Query("a", "TXT", tcp=True),
        ]
        assert server.asked("A") == []


@pytest.mark.parametrize("scenario", list(yaml.safe_load_all(SUITE.read_bytes())), ids=lambda item: item["description"])
def test_the_whole_rfc_7208_suite_is_served_as_its_zones_say(scenario, make_resolver):
    zone = ZoneLookup(scenario["zonedata"])
    names = [str(name) for name in scenario["zonedata"]]
    questions = [
        (name, record_type) for name in [*names, *(f"absent.{name}" for name in names)] for record_type in RecordType
    ]
    with DnsFixture(scenario["zonedata"]) as server, ThreadPoolExecutor(16) as pool:
        resolver = make_resolver(server.address, timeout_s=4.0, tries=2)
        answers = pool.map(lambda question: resolver.resolve(*question, WAIT_S), questions)
        for (name, record_type), answer in zip(questions, answers, strict=True):
            expected = zone(name, record_type)
            if expected.outcome is Outcome.NODATA and answer.outcome is Outcome.NXDOMAIN:
                # A CNAME that leads nowhere: see existence.py.
                assert zone(name, RecordType.CNAME).names()
            else:
                assert (name, record_type, answer.outcome) == (name, record_type, expected.outcome)
                assert (name, sorted(map(repr, answer.records))) == (name, sorted(map(repr, expected.records)))


def test_the_program_serves_a_file_reads_it_again_and_ends(tmp_path):
    zone = tmp_path / "zone.yaml"
    zone.write_text("example.com: [{A: 192.0.2.1}]", encoding="utf-8")
    command = [sys.executable, "-m", "tests.dns_fixture", str(zone)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "milter")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        port = int(process.stdout.readline().rpartition(":")[2])
        query = dns.message.make_query("example.com", "A")
        assert dns.query.udp(query, "127.0.0.1", port=port, timeout=WAIT_S).answer[0][0].address == "192.0.2.1"
        zone.write_text("example.com: [{A: 192.0.2.2}]", encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        assert process.stdout.readline() == "read again\n"
        assert dns.query.udp(query, "127.0.0.1", port=port, timeout=WAIT_S).answer[0][0].address == "192.0.2.2"
        process.terminate()
        assert process.wait(WAIT_S) == 0
