# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from postward.dns.answer import Answer, Mx, Outcome, RecordType
from postward.dns.zone import ZoneLookup

ZONE = {
    "a.b.example.com": [{"A": "192.0.2.1"}, "TIMEOUT"],
    "alias.example": [{"CNAME": "Text.example."}],
    "alias2.example": [{"CNAME": "alias.example"}],
    "text.example": [{"TXT": ["v=spf1", " -all"]}, {"TXT": "other"}],
    "loop1.example": [{"CNAME": "loop2.example"}],
    "loop2.example": [{"CNAME": "loop1.example"}],
    "dangling.example": [{"CNAME": "nowhere.invalid"}],
    "root.example": [{"CNAME": ""}],
    "null.example": [{"MX": [0, "."]}],
    "half.example": [{"TXT": "SERVFAIL"}, {"A": "192.0.2.2"}],
    "dead.example": "TIMEOUT",
    "sick.example": [{"CNAME": "dead.example"}],
    "empty.example": [],
}


@pytest.mark.parametrize(
    ("name", "record_type", "answer"),
    [
        ("A.b.Example.com.", "A", Answer(outcome=Outcome.OK, records=(IPv4Address("192.0.2.1"),))),
        ("a.b.example.com", "TXT", Answer(outcome=Outcome.TIMEOUT)),
        ("b.example.com", "A", Answer(outcome=Outcome.NODATA)),
        ("com", "A", Answer(outcome=Outcome.NODATA)),
        ("c.b.example.com", "A", Answer(outcome=Outcome.NXDOMAIN)),
        ("nowhere.invalid", "A", Answer(outcome=Outcome.NXDOMAIN)),
        ("empty.example", "A", Answer(outcome=Outcome.NODATA)),
        ("text.example", "TXT", Answer(outcome=Outcome.OK, records=(b"v=spf1 -all", b"other"))),
        ("alias2.example", "TXT", Answer(outcome=Outcome.OK, records=(b"v=spf1 -all", b"other"))),
        ("alias2.example", "MX", Answer(outcome=Outcome.NODATA)),
        ("alias2.example", "CNAME", Answer(outcome=Outcome.OK, records=("alias.example",))),
        ("loop1.example", "A", Answer(outcome=Outcome.SERVFAIL)),
        ("dangling.example", "A", Answer(outcome=Outcome.NODATA)),
        ("root.example", "A", Answer(outcome=Outcome.NODATA)),
        ("null.example", "MX", Answer(outcome=Outcome.OK, records=(Mx(0, ""),))),
        ("half.example", "TXT", Answer(outcome=Outcome.SERVFAIL)),
        ("half.example", "A", Answer(outcome=Outcome.OK, records=(IPv4Address("192.0.2.2"),))),
        ("half.example", "MX", Answer(outcome=Outcome.NODATA)),
        ("dead.example", "A", Answer(outcome=Outcome.TIMEOUT)),
        ("sick.example", "A", Answer(outcome=Outcome.TIMEOUT)),
        ("a..b", "A", Answer(outcome=Outcome.NXDOMAIN)),
        ("x" * 64, "A", Answer(outcome=Outcome.NXDOMAIN)),
        ("", "A", Answer(outcome=Outcome.NXDOMAIN)),
    ],
)
def test_the_zone_answers(name, record_type, answer):
    assert ZoneLookup(ZONE)(name, RecordType(record_type)) == answer


def test_a_u_label_finds_its_a_label():
    lookup = ZoneLookup({"xn--bcher-kva.example": [{"A": "192.0.2.1"}]})
    assert lookup("bücher.example", RecordType.A).outcome is Outcome.OK
