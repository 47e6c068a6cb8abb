# SPDX-License-Identifier: GPL-3.0-or-later
"""Return paths of both styles: whose senders get one, and what a recipient of that form is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.signing.feedback_keys import FeedbackKeys
from postward.signing.feedback_token import DAY_S, mint
from postward.signing.return_path import ReturnPaths, ReturnPathSettings, ReturnPathStyle
from postward.signing.token_fault import TokenFault

KEYS = FeedbackKeys.of(b"k" * 32)
NOW_S = 1_700_000_000.0
MAX_LOCAL_PART_OCTETS = 64


def paths(style, *, pool="a", keys=KEYS):
    settings = ReturnPathSettings(
        style=ReturnPathStyle(style),
        domains=frozenset({"example.com"}),
        bounce_domain="bounce.example.com" if style == "verp" else "",
        deliver_to="bounces@example.com" if style == "verp" else "",
        pool=pool,
    )
    return ReturnPaths(settings, keys)


VERP, BATV = paths("verp"), paths("batv")
both = pytest.mark.parametrize("style", [VERP, BATV], ids=["verp", "batv"])


def token(pool="a"):
    return mint(KEYS, tenant="acme", pool=pool, recipients=["bob@x.example"], message_id=b"<1@x>", now_s=NOW_S)


def made(style, sender="alice@example.com", text=None):
    return style.make(sender, token() if text is None else text, NOW_S)


def test_verp():
    path = made(VERP)
    assert path == f"b+a.{token()}@bounce.example.com"
    returned = VERP.read(path, NOW_S)
    assert (returned.address, returned.fault) == ("bounces@example.com", None)
    assert returned.token.is_to("bob@x.example")


def test_batv():
    returned = BATV.read(made(BATV), NOW_S)
    assert (returned.address, returned.token, returned.fault) == ("alice@example.com", None, None)


def test_only_verp_wants_a_token():
    assert (VERP.needs_token, BATV.needs_token) == (True, False)


@both
def test_the_local_part_keeps_within_its_limit(style):
    assert len(made(style).rpartition("@")[0]) <= MAX_LOCAL_PART_OCTETS


@both
@pytest.mark.parametrize("sender", ["", "alice", "alice@example.net", "alice@sub.example.com", "alice@example.com."])
def test_other_senders_stay_as_they_are(style, sender):
    assert made(style, sender) is None


@both
def test_domains_are_compared_without_case(style):
    assert made(style, "Alice@EXAMPLE.com") is not None
    assert style.read(made(style).upper(), NOW_S).address


def test_what_is_a_return_path_already_gets_no_other():
    assert made(BATV, made(BATV)) is None
    settings = ReturnPathSettings(
        style=ReturnPathStyle.VERP, domains=frozenset({"example.com"}), bounce_domain="example.com", deliver_to="x@y"
    )
    within = ReturnPaths(settings, KEYS)
    path = made(within)
    assert path is not None
    assert made(within, path) is None


@both
@pytest.mark.parametrize("local_part", ["list-bounces+bob=x.example", "list-return-7-bob=x.example", "SRS0=h=tt=d=u"])
def test_a_path_that_others_read_stays_as_it_is(style, local_part):
    assert made(style, f"{local_part}@example.com") is None


@pytest.mark.parametrize("style", ["verp", "batv"])
@pytest.mark.parametrize(("length", "is_made"), [(254, True), (255, False)])
def test_a_whole_address_keeps_within_its_limit(style, length, is_made):
    head = {"verp": len(f"b+a.{token()}@"), "batv": len("prvs=0000000000=al@")}[style]
    domain = "d" * (length - head)
    settings = ReturnPathSettings(
        style=ReturnPathStyle(style), domains=frozenset({domain}), bounce_domain=domain, deliver_to="x@y"
    )
    path = made(ReturnPaths(settings, KEYS), f"al@{domain}")
    assert (path is not None) is is_made
    assert path is None or len(path) == length


@both
@pytest.mark.parametrize(
    "address", ["", "alice@example.com", "b@bounce.example.com", "b+a.x@example.net", "prvs=x=alice@example.net"]
)
def test_other_recipients_are_none_of_ours(style, address):
    assert style.read(address, NOW_S) is None


def test_the_pool_is_part_of_what_is_verified():
    replayed = f"b+b.{token('a')}@bounce.example.com"
    assert VERP.read(replayed, NOW_S).fault is TokenFault.FORGED
    # The pool of this host may have changed; what left from the other is genuine all the same.
    assert paths("verp", pool="b").read(made(VERP), NOW_S).address


@both
def test_they_expire(style):
    returned = style.read(made(style), NOW_S + 11 * DAY_S)
    assert (returned.address, returned.fault) == ("", TokenFault.EXPIRED)


@pytest.mark.parametrize("style", ["verp", "batv"])
def test_others_secrets_make_nothing_that_is_ours(style):
    stranger = paths(style, keys=FeedbackKeys.of(b"z" * 32))
    assert not stranger.read(made(paths(style)), NOW_S).address


@pytest.mark.parametrize(
    "local_part", ["b+", "b+a", "b+a.", "b+.", f"b+a.{token()}x", f"b+aa.{token()}", f"b+{token()}", "B+A.\udcff"]
)
def test_what_only_looks_like_one_is_not_believed(local_part):
    returned = VERP.read(f"{local_part}@bounce.example.com", NOW_S)
    assert (returned.address, returned.fault is None) == ("", False)


@both
@given(text=st.text(), form=st.sampled_from(["{}", "b+{}@bounce.example.com", "prvs={}@example.com"]))
def test_no_text_raises_or_is_believed(style, text, form):
    returned = style.read(form.format(text), NOW_S)
    assert returned is None or not returned.address
