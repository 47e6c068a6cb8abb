# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a stranger writes: a result with a word and a reason, in time that grows with the size of the message."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.body_digests import BodyDigests
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.verify import verify_signatures
from postward.model.dkim import DkimStatus
from postward.model.header import HeaderField, Headers
from tests.signatures import keys
from tests.signatures.message import crlf, read_message, zone_lookup
from tests.signatures.signer import Recipe, sign_dkim

KEY_NAME = "sel._domainkey.example.org"
RAW = crlf("From: ann@example.org\nTo: bob@example.net\n\nHello.\n")
TAGS = ("v", "a", "c", "d", "s", "h", "bh", "b", "i", "l", "q", "t", "x", "z")
DEADLINE_S = 10


def verify(raw, record=None):
    headers, body = read_message(raw)
    lookup = zone_lookup({KEY_NAME: [record or keys.record("rsa2048")]})
    return verify_signatures(headers, BodyDigests(body), lookup, DkimSettings(), 1.7e9)


def check(results, count=1):
    assert len(results) == count
    for result in results:
        assert (result.status is DkimStatus.PASS) == (not result.reason)


@given(st.sampled_from(TAGS), st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40))
def test_any_text_in_any_tag(tag, text):
    check(verify(sign_dkim(RAW, {tag: text})))


@given(st.binary(max_size=200))
def test_any_octets_as_a_signature(octets):
    headers = Headers([HeaderField(b"DKIM-Signature", octets), HeaderField(b"From", b"ann@example.org")])
    check(verify_signatures(headers, BodyDigests(read_message(RAW)[1]), zone_lookup({}), DkimSettings(), 1.7e9))


@given(st.text(st.characters(codec="ascii", exclude_characters="\r\n"), max_size=60))
def test_any_text_as_a_key(text):
    check(verify(sign_dkim(RAW), text or "x"))


@pytest.mark.parametrize(
    "raw",
    [
        sign_dkim(RAW, {"b": "A" + " " * 16_000 + "A=="}),
        sign_dkim(RAW, {"b": "A" * 60_000}),
        sign_dkim(RAW, {"h": "from" + ":x" * 20_000}),
        sign_dkim(RAW, {"h": "from" + ":from" * 999}),
        sign_dkim(RAW, {"d": "a." * 20_000}),
        sign_dkim(RAW, {"i": "=" * 50_000}),
        sign_dkim(RAW, {"z": "=;" * 20_000}),
        sign_dkim(RAW, {"z": "A" * 1_000_000}),
        sign_dkim(RAW + b" " * 80_000 + b"x\r\n"),
        sign_dkim(b"X: " + b" \t" * 500_000 + b"\r\n" + RAW, {}, Recipe(names=("from", "x"))),
        sign_dkim(b"From: x\r\n" * 20_000 + RAW, {}, Recipe(names=("from",) * 900)),
    ],
    ids=["b-spaces", "b-long", "h-many", "h-from", "d-long", "i-long", "z-tags", "z-long", "body", "field", "fields"],
)  # fmt: skip
def test_large_things_take_linear_time(raw):
    started_s = time.monotonic()
    check(verify(raw))
    assert time.monotonic() - started_s < DEADLINE_S


def test_many_signatures_with_many_length_limits():
    body = b"a  b\r\n" * 500_000
    raw = b"From: ann@example.org\r\n\r\n" + body
    fields = [read_message(sign_dkim(RAW, {"l": str(length), "bh": "A" * 43 + "="}))[0][0].raw for length in range(20)]
    started_s = time.monotonic()
    check(verify(b"".join(fields) + raw), 11)
    assert time.monotonic() - started_s < DEADLINE_S


def test_ten_thousand_signatures():
    field = read_message(sign_dkim(RAW))[0][0].raw
    started_s = time.monotonic()
    check(verify(field * 10_000 + RAW), 11)
    assert time.monotonic() - started_s < DEADLINE_S
