# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.dns.answer import Mx, RecordType
from postward.dns.wire.message import NXDOMAIN, read_answer, write_query
from postward.dns.wire.name import WireError, name_labels

NAME = name_labels("example.com")


def response(record_type, *rrsets, rcode=dns.rcode.NOERROR, query_id=77, name="example.com"):
    query = dns.message.from_wire(write_query(query_id, name_labels(name), RecordType(record_type), edns=True))
    answer = dns.message.make_response(query)
    answer.set_rcode(rcode)
    answer.answer.extend(dns.rrset.from_text(*rrset) for rrset in rrsets)
    return answer


def read(message, record_type):
    return read_answer(message.to_wire(), 77, NAME, RecordType(record_type))


@pytest.mark.parametrize("edns", [False, True])
def test_a_query_is_what_dnspython_expects(edns):
    query = dns.message.from_wire(write_query(4711, name_labels("a b.example"), RecordType.TXT, edns=edns))
    assert query.id == 4711
    assert query.flags == dns.flags.RD
    assert query.question[0].to_text() == r"a\032b.example. IN TXT"
    assert (query.edns, query.payload) == ((0, 1232) if edns else (-1, 0))


@pytest.mark.parametrize(
    ("record_type", "texts", "records"),
    [
        ("A", ["192.0.2.1", "192.0.2.2"], {IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2")}),
        ("AAAA", ["2001:db8::1"], {IPv6Address("2001:db8::1")}),
        ("MX", ["10 Mx.example.com.", "0 .", r"5 a\.b.example."], {Mx(10, "mx.example.com"), Mx(0, "")}),
        ("TXT", ['"v=spf1" " -all"', r'"\000\255"', '""'], {b"v=spf1 -all", b"\x00\xff", b""}),
        ("PTR", ["Host.Example.", r"odd\032name.example.", r"b\"c.example."], {"host.example"}),
        ("NS", ["ns.example.com."], {"ns.example.com"}),
        ("CNAME", ["Other.example."], {"other.example"}),
    ],
)
def test_records_of_every_type(record_type, texts, records):
    answer = read(response(record_type, ("Example.com.", 60, "IN", record_type, *texts)), record_type)
    assert set(answer.records) == records
    assert answer.ttl_s == 60


def test_cnames_are_followed_in_any_order_and_lend_their_ttl():
    answer = read(
        response(
            "A",
            ("c.example.", 50, "IN", "A", "192.0.2.1"),
            ("b.example.", 7, "IN", "CNAME", "c.example."),
            ("stranger.example.", 1, "IN", "A", "192.0.2.66"),
            ("example.com.", 60, "IN", "CNAME", "B.example."),
        ),
        "A",
    )
    assert answer.records == (IPv4Address("192.0.2.1"),)
    assert (answer.ttl_s, answer.aliased) == (7, True)


def test_a_loop_of_cnames_ends():
    answer = read(
        response("A", ("example.com.", 1, "IN", "CNAME", "b."), ("b.", 1, "IN", "CNAME", "example.com.")), "A"
    )
    assert answer.records == ()


def test_a_cname_to_nowhere_is_told_from_a_name_that_is_not_there():
    dangling = read(response("A", ("example.com.", 1, "IN", "CNAME", "b."), rcode=dns.rcode.NXDOMAIN), "A")
    absent = read(response("A", rcode=dns.rcode.NXDOMAIN), "A")
    assert (dangling.rcode, dangling.aliased) == (NXDOMAIN, True)
    assert (absent.rcode, absent.aliased) == (NXDOMAIN, False)


def test_a_truncated_answer_is_not_read():
    message = response("A", ("example.com.", 60, "IN", "A", "192.0.2.1"))
    message.flags |= dns.flags.TC
    assert read(message, "A").truncated
    assert read(message, "A").records == ()


def test_an_empty_txt_record_is_skipped():
    whole = response("TXT", ("example.com.", 60, "IN", "TXT", '""')).to_wire()
    end = whole.rindex(b"\x00\x01\x00")
    wire = whole[:end] + b"\x00\x00" + whole[end + 3 :]
    assert read_answer(wire, 77, NAME, RecordType.TXT).records == ()


def changed(wire, at, octet):
    return wire[:at] + bytes([octet]) + wire[at + 1 :]


GOOD = response("TXT", ("example.com.", 60, "IN", "TXT", '"aaaaaaaa"')).to_wire()


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        GOOD[:11],
        GOOD[:-20],
        changed(GOOD, 0, 0xFF),
        changed(GOOD, 2, 0x01),
        changed(GOOD, 2, 0x91),
        changed(GOOD, 5, 0),
        changed(GOOD, 13, ord("f")),
        changed(GOOD, 26, 1),
        changed(GOOD, 28, 3),
        changed(GOOD, 7, 200),
        changed(GOOD, GOOD.index(b"aaaaaaaa") - 1, 0xF0),
        changed(GOOD, GOOD.index(b"aaaaaaaa") - 2, 0xF0),
    ],
)
def test_what_is_no_answer_to_the_question_is_refused(wire):
    assert read_answer(GOOD, 77, NAME, RecordType.TXT).records == (b"aaaaaaaa",)
    with pytest.raises(WireError):
        read_answer(wire, 77, NAME, RecordType.TXT)


@pytest.mark.parametrize("record_type", list(RecordType))
def test_addresses_of_the_wrong_length_and_names_that_do_not_fill_are_refused(record_type):
    header = GOOD[:4] + b"\x00\x01\x00\x01\x00\x00\x00\x00"
    code = {"A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}[record_type]
    question = b"\x07example\x03com\x00" + code.to_bytes(2, "big") + b"\x00\x01"
    record = b"\xc0\x0c" + code.to_bytes(2, "big") + b"\x00\x01\x00\x00\x00\x01\x00\x05" + b"\x00\x00\x00\x02\x05"
    with pytest.raises(WireError):
        read_answer(header + question + record, 77, NAME, record_type)


@given(st.sampled_from(list(RecordType)), st.binary(max_size=200), st.integers(0, 40))
def test_garbage_raises_nothing_else(record_type, garbage, kept):
    wire = response(record_type).to_wire()[:kept] + garbage
    try:
        read_answer(wire, 77, NAME, record_type)
    except WireError:
        return


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_a_changed_octet_raises_nothing_else(changes):
    wire = GOOD
    for at, octet in changes:
        wire = changed(wire, at, octet)
    try:
        read_answer(wire, 77, NAME, RecordType.TXT)
    except WireError:
        return


@pytest.mark.parametrize("cut_bytes", range(1, 12))
def test_a_message_that_ends_among_the_records_after_the_answer_is_refused(cut_bytes):
    """The last record of the response is that of EDNS, which has eleven octets."""
    wire = response("TXT", ("example.com.", 60, "IN", "TXT", '"v=spf1 -all"')).to_wire()
    assert read_answer(wire, 77, NAME, RecordType.TXT).records == (b"v=spf1 -all",)
    with pytest.raises(WireError):
        read_answer(wire[:-cut_bytes], 77, NAME, RecordType.TXT)
