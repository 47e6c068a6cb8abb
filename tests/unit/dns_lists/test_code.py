# SPDX-License-Identifier: GPL-3.0-or-later
"""Which answers a pattern takes."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from postward.dns_lists.code import parse_code


@pytest.mark.parametrize(
    ("text", "taken", "others"),
    [
        ("127.0.0.2", ["127.0.0.2"], ["127.0.0.3", "127.0.1.2", "127.1.0.2", "128.0.0.2"]),
        ("127.0.0.10-11", ["127.0.0.10", "127.0.0.11"], ["127.0.0.9", "127.0.0.12"]),
        ("127.0.2-15.3", ["127.0.2.3", "127.0.15.3"], ["127.0.1.3", "127.0.16.3", "127.0.2.2"]),
        ("127.0.0.&8", ["127.0.0.8", "127.0.0.72", "127.0.0.255"], ["127.0.0.64", "127.0.1.8"]),
        ("127.0.0.&3", ["127.0.0.3", "127.0.0.7"], ["127.0.0.1", "127.0.0.2"]),
    ],
)
def test_a_pattern_takes_what_it_says_and_nothing_else(text, taken, others):
    pattern = parse_code(text)
    assert [each for each in taken + others if pattern.matches(IPv4Address(each))] == taken


@pytest.mark.parametrize(
    "text",
    [
        "",
        "127.0.0",
        "192.0.2.1",
        "127.0.0.256",
        "127.0.0.9-2",
        "127.0.0.&0",
        "127.0.0.&256",
        "127.0.0.&2-3",
        "127.0.0.2 ",
    ],
)
def test_what_is_no_pattern_is_refused(text):
    with pytest.raises(ValueError, match=r"is no answer|has an octet|asks for bits"):
        parse_code(text)
