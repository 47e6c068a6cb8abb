# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.model.sender_pattern import PatternKind, SenderPattern, is_local_part, parse_mailbox, parse_sender_pattern


@pytest.mark.parametrize(
    ("text", "kind", "local_part", "domain"),
    [
        ("Alice", PatternKind.ADDRESS, "alice", ""),
        ("Alice@Example.com", PatternKind.ADDRESS, "alice", "Example.com"),
        ("älice@example.com", PatternKind.ADDRESS, "älice", "example.com"),
        ("@example.com", PatternKind.DOMAIN, "", "example.com"),
        ("*.example.com", PatternKind.SUBDOMAINS, "", "example.com"),
        ("group:Support", PatternKind.GROUP, "support", ""),
        ("group:support@example.com", PatternKind.GROUP, "support", "example.com"),
        ("*", PatternKind.ANY, "", ""),
    ],
)
def test_patterns(text, kind, local_part, domain):
    assert parse_sender_pattern(text) == SenderPattern(kind=kind, local_part=local_part, domain=domain)


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "a\nb", "a@", "a@b@c", "group:", "group:@x", 'a"b', "<a@b>", "a,b", "\udcff"]
)
def test_what_is_no_pattern(text):
    with pytest.raises(ValueError):
        parse_sender_pattern(text)


def test_the_length_of_a_local_part_is_bounded_in_octets():
    assert is_local_part("ä" * 128)
    assert not is_local_part("ä" * 129)


@given(st.text())
def test_a_mailbox_that_is_read_holds_nothing_that_could_end_a_path_or_a_line(text):
    try:
        local_part, _ = parse_mailbox(text)
    except ValueError:
        return
    assert local_part
    assert not set(local_part) & set(' \r\n\t\x00<>",;@')
