# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from dataclasses import replace

import dkim
import pytest

from postward.authn.dkim.body_digests import BodyDigests
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.verify import verify_signatures
from postward.dns.answer import Answer, Outcome
from postward.model.dkim import DkimResult, DkimStatus
from tests.signatures import keys
from tests.signatures.message import crlf, read_message, zone_lookup
from tests.signatures.signer import Recipe, body_hash, sign_dkim, signed_field

KEY_NAME = "sel._domainkey.example.org"
NOW_S = 1_700_000_000.0
SETTINGS = DkimSettings()

RAW = crlf("""\
Received: one
Date: Fri, 11 Jul 2003 21:00:37 -0700
From: Ann <ann@example.org>
To: bob@example.net
Subject: Is  dinner
 ready?

Hello, \tBob.

 We lost.  \x20


""")


def verify(raw, *records, settings=SETTINGS) -> tuple[DkimResult, ...]:
    headers, body = read_message(raw)
    lookup = zone_lookup({KEY_NAME: list(records or [keys.record("rsa2048")])})
    return verify_signatures(headers, BodyDigests(body), lookup, settings, NOW_S)


def verify_one(raw, *records) -> DkimResult:
    (result,) = verify(raw, *records)
    return result


def test_unsigned():
    assert verify(RAW) == ()


@pytest.mark.parametrize("key", ["rsa1024", "rsa2048", "rsa4096", "ed25519"])
@pytest.mark.parametrize("header", ["simple", "relaxed"])
@pytest.mark.parametrize("body", ["simple", "relaxed"])
def test_pass(key, header, body):
    result = verify_one(sign_dkim(RAW, {}, Recipe(key=key, header=header, body=body)), keys.record(key))
    assert (result.status, result.reason) == (DkimStatus.PASS, "")
    assert (result.domain, result.selector) == ("example.org", "sel")
    assert result.key_bits == (256 if key == "ed25519" else int(key.removeprefix("rsa")))
    assert len(result.signature_prefix) == 8
    assert not result.testing
    assert not result.length_limited


@pytest.mark.parametrize("canonicalize", [(b"simple", b"relaxed"), (b"relaxed", b"relaxed"), (b"relaxed", b"simple")])
def test_signed_by_dkimpy(canonicalize):
    field = dkim.sign(RAW, b"sel", b"example.org", keys.pem("rsa2048"), canonicalize=canonicalize)
    headers, body = read_message(field + RAW)
    lookup = zone_lookup({KEY_NAME: [keys.record("rsa2048")]})
    # dkimpy dates a signature by the clock.
    (result,) = verify_signatures(headers, BodyDigests(body), lookup, SETTINGS, time.time())
    assert (result.status, result.reason) == (DkimStatus.PASS, "")


@pytest.mark.parametrize(
    ("tags", "status", "reason"),
    [
        ({"v": None}, DkimStatus.NEUTRAL, "no v="),
        ({"v": "2"}, DkimStatus.NEUTRAL, "v= is not 1"),
        ({"a": "rsa-sha1"}, DkimStatus.POLICY, "rsa-sha1 is not accepted"),
        ({"a": "rsa-md5"}, DkimStatus.NEUTRAL, "a= is not known"),
        ({"c": "nofws"}, DkimStatus.NEUTRAL, "c= is not known"),
        ({"q": "http"}, DkimStatus.NEUTRAL, "q= has no method that is known"),
        ({"h": "to:subject"}, DkimStatus.PERMERROR, "From is not signed"),
        ({"d": "a..b"}, DkimStatus.NEUTRAL, "d= is not a domain name"),
        ({"s": ""}, DkimStatus.NEUTRAL, "s= is not a domain name"),
        ({"d": "example.com"}, DkimStatus.PERMERROR, "no key for signature"),
        ({"i": "@example.com"}, DkimStatus.PERMERROR, "i= is not within d="),
        ({"i": "example.org"}, DkimStatus.NEUTRAL, "i= is not an address"),
        ({"l": ""}, DkimStatus.NEUTRAL, "l= is not a number"),
        ({"l": "1000"}, DkimStatus.FAIL, "body is shorter than l="),
        ({"t": "x"}, DkimStatus.NEUTRAL, "t= is not a number"),
        ({"x": "1600000000"}, DkimStatus.NEUTRAL, "signature has expired"),
        ({"t": "1700100000"}, DkimStatus.NEUTRAL, "signed in the future"),
        ({"bh": "A" * 43 + "="}, DkimStatus.FAIL, "body hash mismatch"),
        ({"bh": "A==="}, DkimStatus.NEUTRAL, "bh= is not valid base64"),
        ({"b": "AAAA"}, DkimStatus.FAIL, "signature mismatch"),
        ({"b": " "}, DkimStatus.NEUTRAL, "b= is empty"),
        ({"z": "x;;"}, DkimStatus.NEUTRAL, "not a tag list"),
        ({"z": "1; d=x"}, DkimStatus.NEUTRAL, "duplicate tag d="),
    ],
)  # fmt: skip
def test_signatures_that_do_not_count(tags, status, reason):
    result = verify_one(sign_dkim(RAW, tags))
    assert (result.status, result.reason) == (status, reason)


def test_whose_signature_it_was_is_told_all_the_same():
    result = verify_one(sign_dkim(RAW, {"i": "=61nn@example.org", "l": "x"}))
    assert result.status is DkimStatus.NEUTRAL
    assert (result.domain, result.selector, result.identity) == ("example.org", "sel", "ann@example.org")
    assert (result.algorithm, result.length_limited) == ("rsa-sha256", True)


def test_sha1_signature():
    assert verify_one(sign_dkim(RAW, {}, Recipe(sha1=True))).status is DkimStatus.POLICY
    disguised = sign_dkim(RAW, {"a": "rsa-sha256"}, Recipe(sha1=True))
    assert verify_one(disguised).status is DkimStatus.FAIL


@pytest.mark.parametrize("old", [b"Ann", b"Subject: Is", b"Hello"])
def test_changed_messages(old):
    signed = sign_dkim(RAW)
    assert old in signed
    assert verify_one(signed.replace(old, b"x" + old[1:])).status is DkimStatus.FAIL


def test_a_field_added_below_is_not_the_one_that_was_signed():
    signed = sign_dkim(RAW)
    assert verify_one(signed.replace(b"Subject:", b"From: eve@example.com\r\nSubject:")).status is DkimStatus.FAIL
    assert verify_one(b"From: eve@example.com\r\n" + signed).status is DkimStatus.PASS


def test_oversigning_keeps_fields_out():
    signed = sign_dkim(RAW, {}, Recipe(names=("from", "from", "reply-to")))
    assert verify_one(signed).status is DkimStatus.PASS
    assert verify_one(b"From: eve@example.com\r\n" + signed).status is DkimStatus.FAIL
    assert verify_one(b"Reply-To: eve@example.com\r\n" + signed).status is DkimStatus.FAIL


@pytest.mark.parametrize("length", [0, 1, 20])
def test_length_limit(length):
    signed = sign_dkim(RAW, {}, Recipe(body="simple", body_length=length))
    canonical_size = len(RAW.partition(b"\r\n\r\n")[2].rstrip()) + 5
    result = verify_one(signed + b"<h1>anything</h1>\r\n")
    assert result.status is DkimStatus.PASS
    assert result.length_limited
    assert result.unsigned_bytes == canonical_size - length + len(b"\r\n\r\n<h1>anything</h1>\r\n")


def test_whole_body_under_a_length_limit():
    _, body = read_message(RAW)
    size = BodyDigests(body).digest("relaxed").size_bytes
    result = verify_one(sign_dkim(RAW, {}, Recipe(body_length=size)))
    assert (result.status, result.length_limited, result.unsigned_bytes) == (DkimStatus.PASS, True, 0)


@pytest.mark.parametrize(
    ("tags", "identity", "status"),
    [
        ("t=s; ", "@example.org", DkimStatus.PASS),
        ("t=s; ", None, DkimStatus.PASS),
        ("t=s; ", "@mail.example.org", DkimStatus.PERMERROR),
        ("t=y:s; ", "@mail.example.org", DkimStatus.PERMERROR),
        ("", "@mail.example.org", DkimStatus.PASS),
        ("h=sha1; ", None, DkimStatus.PERMERROR),
        ("s=tlsrpt; ", None, DkimStatus.PERMERROR),
    ],
)
def test_key_tags(tags, identity, status):
    result = verify_one(sign_dkim(RAW, {"i": identity}), keys.record("rsa2048", tags))
    assert result.status is status
    assert result.testing is ("y" in tags)


def test_short_key():
    result = verify_one(sign_dkim(RAW, {}, Recipe(key="rsa512")), keys.record("rsa512"))
    assert (result.status, result.key_bits) == (DkimStatus.POLICY, 512)


def test_keys_of_another_type():
    assert verify_one(sign_dkim(RAW), keys.record("ed25519")).status is DkimStatus.PERMERROR
    ed25519 = sign_dkim(RAW, {"a": "rsa-sha256"}, Recipe(key="ed25519"))
    assert verify_one(ed25519, keys.record("ed25519")).status is DkimStatus.PERMERROR


def test_several_keys():
    signed = sign_dkim(RAW)
    right, other = keys.record("rsa2048"), keys.record("rsa2048-other")
    assert verify_one(signed, other, right).status is DkimStatus.PASS
    assert verify_one(signed, right, other).status is DkimStatus.PASS
    assert verify_one(signed, "v=spf1 -all", right).status is DkimStatus.PASS
    # What is told is that the signature does not fit, not that another key cannot be used.
    assert verify_one(signed, keys.record("ed25519"), other).status is DkimStatus.FAIL
    assert verify_one(signed, other, keys.record("ed25519")).status is DkimStatus.FAIL


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.BUDGET])
def test_dns_failure(outcome):
    headers, body = read_message(sign_dkim(RAW))
    lookup = lambda _name, _type: Answer(outcome=outcome)  # noqa: E731
    (result,) = verify_signatures(headers, BodyDigests(body), lookup, SETTINGS, NOW_S)
    assert result.status is DkimStatus.TEMPERROR


def test_several_signatures_in_order():
    raw = sign_dkim(sign_dkim(RAW, {"s": "one"}), {"s": "two", "b": "AAAA"})
    raw = sign_dkim(raw)
    assert [(result.selector, result.status) for result in verify(raw)] == [
        ("sel", DkimStatus.PASS),
        ("two", DkimStatus.PERMERROR),
        ("one", DkimStatus.PERMERROR),
    ]


def test_signatures_beyond_the_limit_cost_no_look_up():
    field = read_message(sign_dkim(RAW))[0][0].raw
    headers, body = read_message(field * 30 + RAW)
    asked = []

    def lookup(name, record_type):
        asked.append(name)
        return Answer(outcome=Outcome.NXDOMAIN)

    settings = replace(SETTINGS, max_signatures=4)
    results = verify_signatures(headers, BodyDigests(body), lookup, settings, NOW_S)
    assert len(asked) == 4
    assert [result.status for result in results] == [DkimStatus.PERMERROR] * 4 + [DkimStatus.POLICY]
    assert results[-1].reason == "too many signatures, 26 not verified"


@pytest.mark.parametrize("name", ["dkim-signature", "DKIM-Signature ", "Dkim-Signature\t"])
def test_however_the_field_is_named(name):
    assert verify_one(sign_dkim(RAW, {}, Recipe(field=name))).status is DkimStatus.PASS


@pytest.mark.parametrize(
    "layout", ["{name}={value};", "\r\n\t{name} = {value} ;", " {name}=\r\n {value}\r\n ;", "\t{name}\t=\t{value}\t;"]
)
@pytest.mark.parametrize("header", ["simple", "relaxed"])
def test_however_the_tags_are_written(layout, header):
    result = verify_one(sign_dkim(RAW, {}, Recipe(layout=layout, header=header)))
    assert (result.status, result.reason) == (DkimStatus.PASS, "")


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("layout", ["{name}={value};", " {name} = {value};"])
def test_b_in_any_place(place, layout):
    tags = {"v": "1", "a": "rsa-sha256", "c": "simple/relaxed", "d": "example.org", "s": "sel", "h": "from"}
    items = list((tags | {"bh": body_hash(RAW, "relaxed")}).items())
    items.insert(place, ("b", ""))
    recipe = Recipe(names=("from",), header="simple", layout=layout)
    assert verify_one(signed_field(RAW, dict(items), recipe) + RAW).status is DkimStatus.PASS


def test_a_message_without_body():
    head = RAW.partition(b"\r\n\r\n")[0] + b"\r\n"
    for recipe in (Recipe(), Recipe(body="simple")):
        assert verify_one(sign_dkim(head, {}, recipe)).status is DkimStatus.PASS
        assert verify_one(sign_dkim(head, {}, recipe) + b"\r\n").status is DkimStatus.PASS
