# SPDX-License-Identifier: GPL-3.0-or-later
"""Octets in the place of a DNS answer, and answers of every type in the place of good ones."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from hypothesis import strategies as st

from postward.authn.iprev import check_iprev
from postward.dns.answer import Mx, RecordType
from postward.dns.wire.message import read_answer, write_query
from postward.dns.wire.name import WireError, name_labels
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, edited
from tests.fuzz.hostile_dns import HostileDns

ASKED = "ex+ample.com"
QUERY_ID = 4711
TYPES = st.sampled_from(list(RecordType))
OTHER_TYPES = st.integers(0, 65_535)
OWNERS = st.sampled_from([ASKED, ASKED.upper(), "alias.example", "a.b.c", ""])
DATA = st.one_of(
    st.binary(max_size=40),
    st.lists(st.binary(max_size=255), max_size=5).map(lambda texts: b"".join(bytes([len(t)]) + t for t in texts)),
    st.sampled_from([b"\xc0\x0c", b"\0\x0a\xc0\x0c", b"\xc0\xff", b"\x05alias\x07example\0",
    b"\x3f" + b"a" * 63 + b"\xc0\x0c", b"\xc0\x00"]),
    st.integers(0, 4_000).map(lambda size: b"\xff" * size),
)  # fmt: skip


KINDS = st.one_of(st.none(), TYPES.map(dns.rdatatype.from_text), OTHER_TYPES)
"""None is the type that was asked for."""
RECORDS = st.lists(st.tuples(OWNERS, KINDS, st.integers(0, 2**31 - 1), DATA), max_size=6)
FLAGS = st.sampled_from([0, 0, 0, dns.flags.TC, dns.flags.QR, dns.flags.AA, 0x7800])


@st.composite
def responses(draw) -> tuple[RecordType, bytes]:
    """An answer that dnspython wrote, most likely to our question, with whatever records; then some octets change."""
    record_type = draw(TYPES)
    query = dns.message.from_wire(write_query(QUERY_ID, name_labels(ASKED), record_type, edns=True))
    message = dns.message.make_response(query)
    message.set_rcode(draw(st.integers(0, 15)))
    message.flags ^= draw(FLAGS)
    for owner, kind, ttl_s, data in draw(RECORDS):
        number = dns.rdatatype.from_text(record_type) if kind is None else kind
        rdata = dns.rdata.GenericRdata(dns.rdataclass.IN, number, data)
        labels = [label.encode() for label in owner.split(".")] if owner else []
        message.answer.append(dns.rrset.from_rdata(dns.name.Name([*labels, b""]), ttl_s, rdata))
    wire = message.to_wire(max_size=65_535)
    return record_type, edited(wire, draw(EDITS)) if draw(st.booleans()) else wire


@fuzz(response=responses(), query_id=st.sampled_from([QUERY_ID, QUERY_ID, QUERY_ID, 1]))
def test_octets_from_a_server(response, query_id):
    record_type, wire = response
    try:
        answer = read_answer(wire, query_id, name_labels(ASKED), record_type)
    except WireError:
        return
    assert len(answer.records) <= len(wire)
    assert answer.ttl_s is None or answer.ttl_s >= 0
    for record in answer.records:
        name = record.host if isinstance(record, Mx) else record
        if isinstance(name, str):
            assert name.isascii()
            assert name.isprintable()
            assert len(name) < 256
        elif isinstance(name, bytes):
            assert len(name) <= len(wire)


@fuzz(client=st.ip_addresses(), data=st.data(), share=0.5)
def test_names_of_the_client(client, data):
    asked = []
    lookup = HostileDns(data).lookup()

    def counted(name, record_type):
        asked.append(name)
        return lookup(name, record_type)

    result = check_iprev(client, counted)
    assert len(asked) <= 11
    assert (result.status == "pass") == (result.reason == "")
