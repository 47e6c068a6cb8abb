# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: what they say, how long, for whom, and that nobody else can make one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.signing.feedback_keys import FeedbackKeys
from postward.signing.feedback_token import DAY_S, TOKEN_LENGTH, mint, verify
from postward.signing.token_fault import TokenFault

KEYS = FeedbackKeys.of(b"k" * 32)
NOW_S = 1_700_000_000.0
DAY = 19_675
GOLDEN = "ahojal3hkzquzw66kruqxvq22hcanef77iwcezusnl3eru7uta"
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
MAC_LENGTH = 16


def made(keys=KEYS, *, now_s=NOW_S, **differences):
    content = {"tenant": "acme", "pool": "a", "recipients": ["bob@x.example"], "message_id": b" <1@x>"}
    return mint(keys, **{**content, **differences}, now_s=now_s)


def read(text, keys=KEYS, *, now_s=NOW_S, max_age_days=10):
    return verify(text, keys, now_s=now_s, max_age_days=max_age_days)


def test_the_golden_token():
    # Every host of a fleet has to make the same one, of whatever release.
    assert made() == GOLDEN
    token = read(GOLDEN).token
    assert (token.pool, token.day) == ("a", DAY)


def test_it_says_whose_mail_it_was_to_who_holds_the_secret():
    token = read(GOLDEN).token
    assert token.is_of_tenant("acme")
    assert token.is_to("Bob@X.example")
    assert token.is_of_message(b"<1@x>")


@pytest.mark.parametrize(
    ("question", "other"),
    [("is_of_tenant", "acme2"), ("is_of_tenant", ""), ("is_to", "eve@x.example"), ("is_of_message", b"<2@x>")],
)
def test_it_is_about_nothing_else(question, other):
    assert not getattr(read(GOLDEN).token, question)(other)


def test_with_several_recipients_it_is_to_none_of_them():
    token = read(made(recipients=["bob@x.example", "eve@x.example"])).token
    assert not token.is_to("bob@x.example")
    assert not token.is_to("")


@pytest.mark.parametrize(
    "difference",
    [{"tenant": "other"}, {"pool": "b"}, {"recipients": ["eve@x.example"]}, {"message_id": b"<2@x>"}],
)
def test_its_code_cannot_be_replayed_for_other_content(difference):
    other = made(**difference)
    assert read(other).token is not None
    assert read(other[:-MAC_LENGTH] + GOLDEN[-MAC_LENGTH:]).token is None
    assert read(GOLDEN[:-MAC_LENGTH] + other[-MAC_LENGTH:]).token is None


def test_every_other_character_at_every_place_is_refused():
    for place, right in enumerate(GOLDEN):
        for wrong in ALPHABET.replace(right, ""):
            assert read(GOLDEN[:place] + wrong + GOLDEN[place + 1 :]).token is None


def test_faults_are_told_apart():
    assert read("b" + GOLDEN[1:]).fault is TokenFault.UNKNOWN_VERSION
    assert read(made(FeedbackKeys.of(b"z" * 32))).fault is TokenFault.UNKNOWN_KEY
    assert read(GOLDEN[:-2] + "aa").fault is TokenFault.FORGED
    # The last two bits of fifty characters stand for nothing.
    assert read(GOLDEN[:-1] + "b").fault is TokenFault.MALFORMED


@pytest.mark.parametrize(
    ("days", "fault"),
    [(0, None), (10, None), (11, TokenFault.EXPIRED), (400, TokenFault.EXPIRED), (-1, None),
     (-2, TokenFault.NOT_YET_VALID)],
)  # fmt: skip
def test_it_is_good_for_so_many_days(days, fault):
    assert read(GOLDEN, now_s=NOW_S + days * DAY_S).fault is fault


def test_a_day_ends_at_midnight_utc():
    midnight = (DAY + 11) * DAY_S
    assert read(GOLDEN, now_s=midnight - 1).fault is None
    assert read(GOLDEN, now_s=midnight).fault is TokenFault.EXPIRED


@pytest.mark.parametrize("now_s", [0.0, -1e12, 1e12])
def test_no_clock_breaks_it(now_s):
    assert read(made(now_s=now_s), now_s=now_s).token is not None


def test_case_may_be_folded_on_the_way():
    assert read(GOLDEN.upper()).token is not None
    assert read(GOLDEN[:9].upper() + GOLDEN[9:]).token is not None


def test_the_key_before_the_last_counts_no_more():
    first, second, third = (letter * 32 for letter in (b"1", b"2", b"3"))
    token = made(FeedbackKeys.of(first))
    assert read(token, FeedbackKeys.of(second, first)).token.is_of_tenant("acme")
    assert read(token, FeedbackKeys.of(third, second)).fault in {TokenFault.UNKNOWN_KEY, TokenFault.FORGED}


def test_two_secrets_with_one_number_are_both_tried():
    by_number = {}
    for number in range(10_000):
        secret = f"{number:032}".encode()
        twin = by_number.setdefault(FeedbackKeys.of(secret).current.id, secret)
        if twin != secret:
            break
    keys = FeedbackKeys.of(secret, twin)
    assert keys.current.id == keys.previous.id
    assert read(made(FeedbackKeys.of(twin)), keys).token is not None


@given(st.text() | st.text(alphabet=ALPHABET + ALPHABET.upper(), min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH))
def test_no_text_raises_or_is_believed(text):
    reading = read(text)
    assert reading.token is None
    assert reading.fault is not None


@pytest.mark.parametrize("text", [GOLDEN + "\n", " " + GOLDEN, GOLDEN + "=" * 6, "\u212a" + GOLDEN[1:], "\udcff" * 50])
def test_what_is_only_nearly_a_token_is_none(text):
    assert read(text).fault is TokenFault.MALFORMED


@given(tenant=st.text(), recipients=st.lists(st.text(), max_size=3), message_id=st.binary(max_size=2000))
def test_whatever_it_is_about_it_is_as_long_and_plain(tenant, recipients, message_id):
    token = made(tenant=tenant, recipients=recipients, message_id=message_id)
    assert len(token) == TOKEN_LENGTH
    assert set(token) <= set(ALPHABET)
    assert read(token).token.is_of_tenant(tenant)
    assert read(token).token.is_of_message(message_id)
