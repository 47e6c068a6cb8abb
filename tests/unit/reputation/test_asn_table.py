# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import random
import tracemalloc
from ipaddress import ip_address

import pytest

from postward.errors import UsageError
from postward.reputation.asn_table import AsnTable, read_asn_table

IPTOASN = """\
1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET
1.0.1.0\t1.0.3.255\t0\tNone\tNot routed
1.0.4.0\t1.0.7.255\t38803\tAU\tWPL-AS-AP Wirefreebroadband
2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64500\tZZ\tEXAMPLE
255.255.255.0\t255.255.255.255\t64501\tZZ\tLAST
"""
PFX2AS = """\
# a comment

1.0.0.0\t24\t13335
1.0.4.0\t22\t38803_56203
10.0.0.0\t8\t64500
10.1.0.0\t16\t64501,64502
10.1.2.0\t24\t64503
2001:db8::\t32\t64504
2001:db8:1:1::8\t125\t64505
"""


@pytest.fixture
def read(tmp_path):
    def write(content):
        path = tmp_path / "asn.tsv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_asn_table(path)

    return write


def find(table, *addresses):
    return [table.find(ip_address(address)) for address in addresses]


def test_a_table_of_ranges(read):
    table = read(IPTOASN)
    assert find(table, "1.0.0.0", "1.0.0.255", "1.0.1.0", "1.0.5.1", "1.0.8.0") == [13335, 13335, None, 38803, None]
    assert find(table, "0.0.0.1", "255.255.255.255") == [None, 64501]
    assert find(table, "2001:db8:1::1", "2001:db9::", "::1") == [64500, None, None]


def test_a_table_of_prefixes_in_which_the_narrowest_counts(read):
    table = read(PFX2AS)
    assert find(table, "10.9.9.9", "10.1.9.9", "10.1.2.3", "10.1.3.0", "10.2.0.0") == [
        64500, 64501, 64503, 64501, 64500,
    ]  # fmt: skip
    assert find(table, "1.0.4.1", "2001:db8:1:1::9", "11.0.0.0") == [38803, 64504, None]


def test_a_packed_table(read):
    assert find(read(gzip.compress(IPTOASN.encode())), "1.0.0.1") == [13335]


def test_of_ranges_that_overlap_the_one_that_begins_last_counts():
    drawn = random.Random(3)
    ranges = [(start, start + drawn.randrange(200), start + 1) for start in drawn.sample(range(900), 60)]
    table = AsnTable((4, each) for each in ranges)
    for place in range(1_200):
        within = [each for each in ranges if each[0] <= place <= each[1]]
        assert table.find(ip_address(place)) == (max(within)[2] if within else None), place


def test_the_order_of_the_lines_makes_no_difference(read):
    lines = (IPTOASN + PFX2AS).splitlines()
    addresses = ["1.0.0.0", "1.0.5.1", "10.1.2.3", "10.9.9.9", "2001:db8:1::1", "255.255.255.255", "9.9.9.9"]
    for _ in range(20):
        random.Random(7).shuffle(lines)
        table = read("\n".join(lines))
        assert find(table, *addresses) == [13335, 38803, 64503, 64500, 64504, 64501, None]


@pytest.mark.parametrize(("is_in_order", "most"), [(True, 40), (False, 110)])
def test_a_table_is_not_held_in_memory_while_it_is_read(tmp_path, is_in_order, most):
    lines = [f"{place >> 8}.{place & 255}.0.0\t20\t{place + 1}\n" for place in range(1 << 16)]
    if not is_in_order:
        random.Random(5).shuffle(lines)
    path = tmp_path / "asn.tsv"
    path.write_text("".join(lines))
    tracemalloc.start()
    try:
        table = read_asn_table(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Two pieces of 8 octets each are left of each line.
    assert len(table) == 2 << 16
    assert peak / len(lines) < most


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "is empty"),
        ("# nothing\n", "no networks"),
        ("1.0.0.0\t1.0.0.255\t13335\nnonsense\n", "line 2"),
        ("1.0.0.0 1.0.0.255 x", "line 1"),
        ("1.0.0.0 33 1", "line 1"),
        ("1.0.0.9 1.0.0.0 1", "line 1"),
        ("1.0.0.0 ::1 1", "line 1"),
        ("1.0.0.0 24 4294967296", "line 1"),
        ("1.0.0.0 24 -1", "line 1"),
        (b"\xff\xfe\x00 24 1", "line 1"),
        (b"1.0.0.0 24 1 " + b"x" * 10_000, "line 2"),
        (gzip.compress(IPTOASN.encode())[:-20], "damaged"),
        (b"\x1f\x8bnonsense", "damaged"),
    ],
)
def test_a_table_that_is_none_says_where(read, content, problem):
    with pytest.raises(UsageError, match=problem):
        read(content)
