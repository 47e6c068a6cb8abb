# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what a list is known to say counts."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from postward.dns.answer import Answer, Outcome
from postward.dns_lists.answer import ListStatus, read_answer
from postward.dns_lists.presets.all_presets import PRESETS


def answered(*addresses):
    return Answer(outcome=Outcome.OK, records=tuple(IPv4Address(each) for each in addresses))


def symbols(name, *addresses):
    read = read_answer(PRESETS[name], answered(*addresses))
    return [each.symbol.name for each in read.codes if each.symbol]


@pytest.mark.parametrize(
    ("name", "addresses", "expected"),
    [
        ("spamhaus_zen", ["127.0.0.2"], ["ZEN_SBL"]),
        ("spamhaus_zen", ["127.0.0.4", "127.0.0.11"], ["ZEN_XBL", "ZEN_PBL"]),
        ("spamhaus_zen", ["127.0.0.2", "127.0.0.9"], ["ZEN_SBL", "ZEN_DROP"]),
        ("spamhaus_zen", ["127.0.0.6"], []),
        ("spamhaus_dbl", ["127.0.1.4"], ["DBL_PHISH"]),
        ("spamhaus_dbl", ["127.0.1.104"], ["DBL_ABUSED"]),
        ("spamhaus_zrd_dqs", ["127.0.2.7"], ["ZRD_NEW"]),
        ("spamcop", ["127.0.0.2"], ["SPAMCOP"]),
        ("surbl", ["127.0.0.80"], ["SURBL_MALWARE", "SURBL_ABUSE"]),
        ("uribl", ["127.0.0.2"], ["URIBL_BLACK"]),
        ("dnswl", ["127.0.9.2"], ["DNSWL_MEDIUM"]),
        ("dnswl", ["127.0.10.0"], []),
        ("mailspike_wl", ["127.0.0.20"], ["MAILSPIKE_EXCELLENT"]),
        ("senderscore", ["127.0.4.12"], ["SENDERSCORE_WORST"]),
        ("senderscore", ["127.0.4.95"], []),
        # What is known counts, whatever else comes with it.
        ("spamhaus_zen", ["127.0.0.2", "127.0.0.77"], ["ZEN_SBL"]),
    ],
)
def test_known_answers_count(name, addresses, expected):
    assert read_answer(PRESETS[name], answered(*addresses)).status is ListStatus.LISTED
    assert symbols(name, *addresses) == expected


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("spamhaus_zen", "127.255.255.252"),
        ("spamhaus_zen", "127.255.255.254"),
        ("spamhaus_zen", "127.255.255.255"),
        ("spamhaus_zen_dqs", "127.255.255.250"),
        ("spamcop", "127.255.255.254"),
        ("uribl", "127.0.0.1"),
        ("uribl", "127.0.0.255"),
        ("uribl", "127.0.0.3"),
        ("surbl", "127.0.0.1"),
        ("spamhaus_dbl", "127.0.1.255"),
        ("dnswl", "127.0.0.255"),
        ("dnswl", "127.0.10.3"),
        ("senderscore", "127.0.4.127"),
        # A name service that leads unknown names to a host of its own, and a dead list that has been bought.
        ("spamcop", "198.51.100.1"),
        ("spamcop", "127.0.0.1"),
        ("spamhaus_zen", "127.0.0.33"),
        ("dnswl", "127.0.0.2"),
    ],
)
def test_errors_and_unknown_answers_never_count(name, address):
    read = read_answer(PRESETS[name], answered(address))
    assert read.status is ListStatus.ERROR
    assert read.codes == ()
    assert address in read.fault


def test_an_error_beside_a_listing_is_an_error():
    assert read_answer(PRESETS["spamhaus_zen"], answered("127.0.0.2", "127.255.255.254")).status is ListStatus.ERROR


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.NXDOMAIN, ListStatus.NOT_LISTED),
        (Outcome.NODATA, ListStatus.NOT_LISTED),
        (Outcome.SERVFAIL, ListStatus.UNANSWERED),
        (Outcome.TIMEOUT, ListStatus.UNANSWERED),
        (Outcome.BUDGET, ListStatus.UNANSWERED),
    ],
)
def test_no_address_is_no_listing(outcome, status):
    assert read_answer(PRESETS["spamcop"], Answer(outcome=outcome)).status is status
