# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from postward.dns.answer import Mx, Outcome, RecordType
from postward.dns.zone_records import read_zone
from postward.errors import UsageError


def test_every_record_type_is_read():
    zone = read_zone(
        {
            "example.com": [
                {"A": "192.0.2.1"},
                {"AAAA": "2001:DB8::1"},
                {"MX": [10, "Mx.Example.COM."]},
                {"TXT": ["v=spf1", " -all"]},
                {"NS": "ns.example."},
                {"PTR": "host.example"},
                {"CNAME": "other.example"},
            ]
        }
    )
    assert zone["example.com"].records == {
        RecordType.A: [IPv4Address("192.0.2.1")],
        RecordType.AAAA: [IPv6Address("2001:db8::1")],
        RecordType.MX: [Mx(10, "mx.example.com")],
        RecordType.TXT: [(b"v=spf1", b" -all")],
        RecordType.NS: ["ns.example"],
        RecordType.PTR: ["host.example"],
        RecordType.CNAME: ["other.example"],
    }


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        ([{"SPF": "v=spf1 -all"}], [(b"v=spf1 -all",)]),
        ([{"SPF": "a"}, {"SPF": "b"}], [(b"a",), (b"b",)]),
        ([{"SPF": "a"}, {"TXT": "b"}], [(b"b",)]),
        ([{"SPF": "a"}, {"TXT": "NONE"}], None),
        ([{"TXT": "NONE"}], None),
        ([{"SPF": []}], [()]),
        ([{"TXT": ""}], [(b"",)]),
        ([{"TXT": "caf\xe9"}], [(b"caf\xc3\xa9",)]),
        ([{"TXT": b"caf\xe9"}], [(b"caf\xe9",)]),
        ([{"TXT": "caf\udce9"}], [(b"caf\xe9",)]),
        ([{"TXT": 12345}], [(b"12345",)]),
        ([{"TXT": ["TIMEOUT"]}], [(b"TIMEOUT",)]),
    ],
)
def test_text_records(items, texts):
    assert read_zone({"example.com": items})["example.com"].records.get(RecordType.TXT) == texts


def test_a_bare_failure_leaves_the_records_before_it():
    name = read_zone({"example.com": [{"A": "192.0.2.1"}, "TIMEOUT", {"MX": [1, "a"]}]})["example.com"]
    assert list(name.records) == [RecordType.A]
    assert name.rest is Outcome.TIMEOUT


@pytest.mark.parametrize("value", ["SERVFAIL", ["SERVFAIL"]])
def test_a_bare_failure_may_stand_alone(value):
    assert read_zone({"example.com": value})["example.com"].rest is Outcome.SERVFAIL


def test_a_failure_may_be_of_one_type():
    name = read_zone({"example.com": [{"TXT": "SERVFAIL"}, {"A": "192.0.2.1"}]})["example.com"]
    assert name.failures == {RecordType.TXT: Outcome.SERVFAIL}
    assert name.rest is None


@pytest.mark.parametrize("mapping", [None, {}])
def test_an_empty_file_has_no_names(mapping):
    assert read_zone(mapping) == {}


def test_names_are_taken_as_a_labels_and_numbers_too():
    assert set(read_zone({"BÜCHER.Example.": [], 1234: []})) == {"xn--bcher-kva.example", "1234"}


def test_names_that_cannot_be_asked_for_are_left_out():
    assert read_zone({"long" * 70: [], "x" * 64: [], "a..b": [], ".a": [], ".": []}) == {}


def test_two_spellings_of_a_name_may_say_the_same():
    records = [{"TXT": "v=DKIM1; p="}]
    assert set(read_zone({"bücher.example": records, "xn--bcher-kva.example": records})) == {"xn--bcher-kva.example"}


def test_a_mapping_is_a_list_of_one():
    assert read_zone({"example.com": {"A": "192.0.2.1"}})["example.com"].records[RecordType.A]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("example.com", "a mapping of names is expected"),
        ([], "a mapping of names is expected"),
        ({True: []}, "True: a name is expected; put it in quotes"),
        ({1.5: []}, "1.5: a name is expected"),
        ({"": []}, "'': a name is expected"),
        ({"a": [{"A": "192.0.2.1"}], "A.": []}, "'A.': the name stands there twice, with other records"),
        ({"a": "NXDOMAIN"}, "TIMEOUT or SERVFAIL is expected, not 'NXDOMAIN'"),
        ({"a": None}, "is expected, not None"),
        ({"a": [["A", "192.0.2.1"]]}, "is expected, not ['A', '192.0.2.1']"),
        ({"a": [{"a": "192.0.2.1"}]}, "'a' is none of the record types A, AAAA, CNAME, MX, NS, PTR, TXT, SPF"),
        ({"a": [{"SOA": "x"}]}, "'SOA' is none of the record types"),
        ({"a": [{"A": "2001:db8::1"}]}, "A: an IPv4 address is expected"),
        ({"a": [{"A": 1}]}, "A: an IPv4 address is expected, not 1"),
        ({"a": [{"AAAA": "192.0.2.1"}]}, "AAAA: an IPv6 address is expected"),
        ({"a": [{"MX": "10 mx"}]}, "MX: [preference, name] is expected"),
        ({"a": [{"MX": [10]}]}, "MX: [preference, name] is expected"),
        ({"a": [{"MX": ["x1", "mx"]}]}, "MX: a preference from 0 to 65535 is expected, not 'x1'"),
        ({"a": [{"MX": [70000, "mx"]}]}, "not 70000"),
        ({"a": [{"MX": [True, "mx"]}]}, "not True"),
        ({"a": [{"CNAME": "b..c"}]}, "a DNS name is expected, not 'b..c'"),
        ({"a": [{"PTR": ["b", "c"]}]}, "a DNS name is expected"),
        ({"a": [{"TXT": 1.5}]}, "TXT: text is expected, not 1.5; put it in quotes"),
        ({"a": [{"TXT": ["x", None]}]}, "TXT: text is expected, not None"),
        ({"a": [{"TXT": True}]}, "TXT: text is expected, not True"),
        ({"a": [{"A": "x" * 1000}]}, "..."),
    ],
)
def test_nonsense_is_refused_with_the_place_and_what_is_expected(mapping, words):
    with pytest.raises(UsageError) as raised:
        read_zone(mapping)
    assert words in str(raised.value)
    assert len(str(raised.value)) < 300


def test_all_faults_are_told_at_once():
    with pytest.raises(UsageError) as raised:
        read_zone({"a": [{"A": "x"}], "b": [{"A": "192.0.2.1"}], "c": "nonsense"})
    lines = str(raised.value).splitlines()
    assert [line.split(":")[1] for line in lines] == [" 'a'", " 'c'"]
