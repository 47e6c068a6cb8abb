# SPDX-License-Identifier: GPL-3.0-or-later
"""Tagged addresses: made, taken back, and refused where anything is different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.signing.batv import MAX_LOCAL_PART_OCTETS, has_tag_form, tag, untag
from postward.signing.feedback_keys import FeedbackKeys
from postward.signing.feedback_token import DAY_S
from postward.signing.token_fault import TokenFault

KEYS = FeedbackKeys.of(b"k" * 32)
NOW_S = 1_700_000_000.0
PLAIN = "Alice@example.com"
GOLDEN = "prvs=06859893bd=Alice@example.com"
OTHER_HEX = dict(zip("0123456789abcdef", "123456789abcdef0", strict=True))
ATEXT = "abcXYZ019!#$%&'*+-/=?^_`{|}~."
TAG_LENGTH = 16


def tagged(address=PLAIN, keys=KEYS, *, now_s=NOW_S):
    return tag(address, keys, now_s=now_s, max_age_days=10)


def read(address, keys=KEYS, *, now_s=NOW_S, max_age_days=10):
    return untag(address, keys, now_s=now_s, max_age_days=max_age_days)


def test_the_golden_tag():
    assert tagged() == GOLDEN
    assert read(GOLDEN).address == PLAIN


def test_case_may_be_folded_on_the_way():
    for folded in (GOLDEN.upper(), GOLDEN.lower()):
        assert read(folded).address.lower() == PLAIN.lower()


def test_every_other_digit_at_every_place_is_refused():
    for place in range(5, 15):
        assert not read(GOLDEN[:place] + OTHER_HEX[GOLDEN[place]] + GOLDEN[place + 1 :]).address


@pytest.mark.parametrize(
    "other", ["Bob@example.com", "Alice+x@example.com", "Alice@example.net", "Alice@x.example.com"]
)
def test_a_tag_counts_for_its_own_address_only(other):
    assert read(GOLDEN.partition("Alice@")[0] + other).fault is TokenFault.FORGED


@pytest.mark.parametrize(
    ("days", "fault"),
    [(0, None), (10, None), (11, TokenFault.EXPIRED), (500, TokenFault.EXPIRED), (-1, None), (-2, TokenFault.EXPIRED)],
)
def test_it_is_good_for_so_many_days(days, fault):
    assert read(GOLDEN, now_s=NOW_S + days * DAY_S).fault is fault


def test_the_turn_of_the_thousand_days_changes_nothing():
    now_s = 19_995 * DAY_S
    address = tagged(now_s=now_s)
    assert address.startswith(f"prvs={KEYS.current.id % 10}005")
    assert [bool(read(address, now_s=now_s + days * DAY_S).address) for days in (0, 5, 10, 11)] == [True] * 3 + [False]


def test_the_key_before_the_last_counts_no_more():
    old, new, third = (letter * 32 for letter in (b"o", b"n", b"t"))
    address = tagged(keys=FeedbackKeys.of(old))
    assert read(address, FeedbackKeys.of(new, old)).address == PLAIN
    assert read(address, FeedbackKeys.of(third, new)).fault in {TokenFault.UNKNOWN_KEY, TokenFault.FORGED}


def test_the_local_part_keeps_within_its_limit():
    longest = "x" * (MAX_LOCAL_PART_OCTETS - TAG_LENGTH)
    assert len(tagged(f"{longest}@example.com").partition("@")[0]) == MAX_LOCAL_PART_OCTETS
    assert tagged(f"{longest}x@example.com") is None


@pytest.mark.parametrize(
    "address",
    ["", "alice", "@example.com", '"a b"@example.com', "a..b@example.com", ".a@example.com", "j\u00fcrgen@example.com",
     "alice@b\u00fccher.example", "alice@", GOLDEN, "PRVS=x=alice@example.com", "a\udcff@example.com",
     "a\r\n@x.example"],
)  # fmt: skip
def test_what_cannot_be_tagged_stays_as_it_is(address):
    assert tagged(address) is None


@pytest.mark.parametrize(
    "address",
    ["", "prvs=", "prvs=@example.com", "prvs=06859893bd=@example.com", "prvs=06859893bd=Alice",
     "prvs=06859893bd=Alice@",
     "prvs=06859893b=Alice@example.com", "prvs=0685\u0669893bd=Alice@example.com", "prvs=\u0660685893bd1=a@example.com",
     "prvs=06859893bd=Alice@example.com\n@", "prvs=06859893bd=A\udcff@example.com",
     "prvs=06859893bd=Alice@\u212aexample.com", "prvs=06859893bd=" + "a" * 100_000 + "@example.com"],
)  # fmt: skip
def test_hostile_addresses_are_no_tags(address):
    assert read(address).fault is TokenFault.MALFORMED


@given(st.text())
def test_no_text_raises_or_is_believed(text):
    assert not read(text).address
    assert not read(f"prvs={text}").address
    assert not read(f"prvs=06859893bd={text}@example.net").address


@given(st.text(alphabet=ATEXT, min_size=1, max_size=80))
def test_what_is_tagged_comes_back(local_part):
    address = f"{local_part}@example.com"
    result = tagged(address)
    if result is not None:
        assert has_tag_form(result)
        assert len(result.rpartition("@")[0]) <= MAX_LOCAL_PART_OCTETS
        assert read(result).address == address
