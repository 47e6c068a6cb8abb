# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dns.exception
import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.dns.wire.name import NameReader, WireError, name_labels, write_name

EXAMPLE = b"\x07example\x03com\x00"


def test_a_name_is_written_and_read_back():
    wire = write_name(name_labels("www.example.com"))
    assert wire == b"\x03www" + EXAMPLE
    assert NameReader(wire).read(0) == ((b"www", b"example", b"com"), len(wire))


def test_pointers_are_followed_and_the_place_after_them_is_kept():
    wire = EXAMPLE + b"\x03WWW\xc0\x00" + b"\x01a\xc0\x0d" + b"\xc0\x13"
    reader = NameReader(wire)
    assert reader.read(13) == ((b"www", b"example", b"com"), 19)
    assert reader.read(19) == ((b"a", b"www", b"example", b"com"), 23)
    assert reader.read(23) == ((b"a", b"www", b"example", b"com"), 25)


@pytest.mark.parametrize(
    "wire",
    [
        b"\xc0\x00",
        b"\x01a\xc0\x00",
        b"\xc0\x02\xc0\x00",
        b"\x40a",
        b"\x80a",
        b"\x3fabc",
        (b"\x3f" + b"a" * 63) * 4 + b"\x00",
        b"\x01a" * 200 + b"\x00",
    ],
)
def test_malformed_names_are_refused(wire):
    with pytest.raises((WireError, IndexError)):
        NameReader(wire).read(0)


def test_a_name_of_255_octets_is_the_longest():
    longest = (b"\x3f" + b"a" * 63) * 3 + b"\x3d" + b"a" * 61 + b"\x00"
    assert len(longest) == 255
    assert len(NameReader(longest).read(0)[0]) == 4


def test_a_chain_of_pointers_is_walked_once():
    # 16,000 pointers, each to the one before: reading every one of them from its start would be 128 million steps.
    wire = bytearray(b"\x01a\x00\x00")
    while len(wire) < 16_000:
        wire += (0xC000 | max(len(wire) - 2, 0) if len(wire) > 4 else 0xC000).to_bytes(2, "big")
    reader = NameReader(bytes(wire))
    assert {reader.read(at)[0] for at in range(4, len(wire), 2)} == {(b"a",)}
    assert len(reader._pointed_to) <= len(wire)


@given(st.binary(max_size=300))
def test_what_is_read_is_what_dnspython_reads(wire):
    try:
        labels, after = NameReader(wire).read(0)
    except (WireError, IndexError):
        with pytest.raises(dns.exception.DNSException):
            dns.name.from_wire(wire, 0)
    else:
        theirs, used = dns.name.from_wire(wire, 0)
        assert (tuple(label.lower() for label in theirs.labels[:-1]), used) == (labels, after)
