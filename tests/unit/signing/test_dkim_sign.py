# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.signing.signed_fields import SignedFieldSettings
from tests.signatures.checker import is_right, signature_tags
from tests.signatures.message import crlf, read_message
from tests.unit.signing.signed import dkimpy_agrees, our_verdicts, settings, signed

HEAD = crlf("""\
Received: by mx.example.net
Date: Fri, 11 Jul 2003 21:00:37 -0700
From: Ann <ann@example.org>
To: bob@example.net
Subject: Is  dinner
 ready?
Message-ID: <20030712040037.46341@example.org>

""")
RAW = HEAD + crlf("Hello, \tBob.\n\n We lost.  \x20\n\n\n")
CANONICALIZATIONS = ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"]
BODIES = {
    "empty": b"",
    "one line end": b"\r\n",
    "only line ends": b"\r\n" * 50,
    "no line end at the end": b"Hello",
    "white space at the end of lines": b"a \r\nb\t\r\n c  \r\n",
    "8 bit": "Grüße – 你好\r\n".encode(),
    "no text at all": bytes(range(0x20, 0x100)) * 8 + b"\r\n",
    "a line of 100 kB": b"x" * 100_000 + b"\r\n",
    "dots": b".\r\n..\r\n...\r\n",
}
ODD_BODIES = {
    "LF line ends": b"one\ntwo \n\n three\n\n",
    "LF and CRLF": b"one\r\ntwo\nthree \r\n\n\r\n",
    "CR alone": b"one\rtwo \r\r\nthree\r",
    "NUL": b"one\x00two\r\n",
    "only white space": b" \t \r\n\t\r\n ",
    "a run of spaces of 100 kB": b"x" + b" " * 100_000 + b"y\r\n",
}
"""Where dkimpy is wrong (CR and LF alone are data, RFC 6376 section 3.4), or takes a minute."""


@pytest.mark.parametrize("canonicalization", CANONICALIZATIONS)
@pytest.mark.parametrize("key", ["rsa2048", "ed25519"])
def test_it_verifies(canonicalization, key):
    raw = signed(RAW, [key], settings(canonicalization))
    assert is_right(raw, key)
    assert our_verdicts(raw) == ["pass"]
    assert dkimpy_agrees(raw)


@pytest.mark.parametrize("canonicalization", CANONICALIZATIONS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_any_body_is_signed_rightly(canonicalization, body):
    raw = signed(HEAD + body, how=settings(canonicalization))
    assert is_right(raw, "rsa2048")
    assert our_verdicts(raw) == ["pass"]
    assert dkimpy_agrees(raw)


@pytest.mark.parametrize("canonicalization", CANONICALIZATIONS)
@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES)
def test_an_odd_body_is_signed_rightly(canonicalization, body):
    raw = signed(HEAD + body, how=settings(canonicalization))
    assert is_right(raw, "rsa2048")
    assert our_verdicts(raw) == ["pass"]


def test_a_body_of_ten_megabytes():
    raw = signed(HEAD + b"seventy octets or so of text, as an encoded attachment has it, line by\r\n" * 145_000)
    assert is_right(raw, "rsa2048")
    assert our_verdicts(raw) == ["pass"]


@pytest.mark.parametrize("canonicalization", ["relaxed/relaxed", "simple/simple"])
def test_fields_as_odd_as_they_come(canonicalization):
    head = (
        b"FROM :\tAnn\r\n\t<ann@example.org> \r\nsubject:\r\n below\r\nTo:\r\nTo: a@b.example,\r\n \t c@d.example\r\n"
        b"cc:" + b" a@b.example," * 500 + b"\r\nSubject: Gr\xfc\xdfe \xf0\x9f\x8e\x89\r\nDate:now\r\nX-Empty:\r\n\r\n"
    )
    raw = signed(head + b"body\r\n", how=settings(canonicalization))
    assert is_right(raw, "rsa2048")
    assert our_verdicts(raw) == ["pass"]


def test_both_algorithms_sign_the_same_in_the_order_of_the_keys():
    raw = signed(RAW, ["rsa2048", "ed25519"])
    headers, _ = read_message(raw)
    assert [signature_tags(field.value)["a"] for field in headers.all(b"dkim-signature")] == [
        "rsa-sha256",
        "ed25519-sha256",
    ]
    assert is_right(raw, "rsa2048", 0)
    assert is_right(raw, "ed25519", 1)
    assert our_verdicts(raw) == ["pass", "pass"]
    assert dkimpy_agrees(raw, 0)
    assert dkimpy_agrees(raw, 1)


def test_without_keys_there_is_no_signature():
    assert signed(RAW, []) == RAW


def test_what_a_signature_says():
    raw = signed(RAW, how=settings("simple/relaxed"))
    headers, _ = read_message(raw)
    tags = signature_tags(headers[0].value)
    assert list(tags) == ["v", "a", "c", "d", "s", "t", "h", "bh", "b"]
    assert tags | {"h": "", "bh": "", "b": ""} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "simple/relaxed",
        "d": "example.org",
        "s": "rsa2048",
        "t": "1700000000",
        "h": "",
        "bh": "",
        "b": "",
    }
    assert tags["h"] == "from:from:reply-to:to:to:subject:subject:date:date:message-id"
    lines = headers[0].raw.split(b"\r\n")
    assert lines[0].startswith(b"DKIM-Signature: v=1;")
    assert max(map(len, lines)) <= 78


def test_a_signature_expires_where_that_is_wanted():
    raw = signed(RAW, how=settings(expires_after_s=86_400))
    assert signature_tags(read_message(raw)[0][0].value)["x"] == "1700086400"
    assert our_verdicts(raw, now_s=1_700_086_400) == ["pass"]
    assert our_verdicts(raw, now_s=1_700_090_000) == ["neutral"]


@pytest.mark.parametrize(
    ("author_domain", "identity"),
    [("mail.example.org", "@mail.example.org"), ("example.org", None), ("badexample.org", None), ("", None)],
)
def test_the_author_may_be_named_where_a_domain_above_signs(author_domain, identity):
    raw = signed(RAW, how=settings(author_identity=True), author_domain=author_domain)
    assert signature_tags(read_message(raw)[0][0].value).get("i") == identity
    assert our_verdicts(raw) == ["pass"]
    assert "i" not in signature_tags(read_message(signed(RAW, author_domain=author_domain))[0][0].value)


def test_an_internationalized_domain_signs_under_its_a_label():
    raw = signed(RAW.replace(b"ann@example.org", "änne@bücher.example".encode()), domain="xn--bcher-kva.example")
    assert is_right(raw, "rsa2048")
    assert our_verdicts(raw, "xn--bcher-kva.example") == ["pass"]
    assert dkimpy_agrees(raw)


@pytest.mark.parametrize("name", [b"From", b"To", b"Subject", b"Date", b"Reply-To"])
@pytest.mark.parametrize("where", ["above", "below"])
def test_a_field_added_on_the_way_breaks_it(name, where):
    raw = signed(RAW)
    added = name + b": Mallory <mallory@example.com>\r\n"
    changed = added + raw if where == "above" else raw.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1)
    assert not is_right(changed, "rsa2048")
    assert our_verdicts(changed) == ["fail"]
    assert not dkimpy_agrees(changed)


def test_without_oversigning_a_subject_could_be_added():
    plain = settings(fields=SignedFieldSettings(oversigned=()))
    assert our_verdicts(b"Subject: other\r\n" + signed(RAW, how=plain)) == ["pass"]


@pytest.mark.parametrize("name", [b"Received", b"Return-Path", b"Authentication-Results", b"X-Spam-Score"])
def test_trace_fields_may_be_added(name):
    raw = name + b": added on the way\r\n" + signed(RAW)
    assert our_verdicts(raw) == ["pass"]
    assert dkimpy_agrees(raw)


@pytest.mark.parametrize("edit", [(b"dinner", b"Dinner"), (b"We lost", b"We won"), (b"bob@", b"rob@"), (b"c=", b"C=")])
def test_a_change_breaks_it(edit):
    assert our_verdicts(signed(RAW).replace(*edit, 1)) != ["pass"]


def test_a_signature_that_is_there_already_is_left_alone():
    twice = signed(signed(RAW), ["ed25519"])
    assert our_verdicts(twice) == ["pass", "pass"]


LINES = st.lists(st.binary(max_size=40), max_size=12).map(b"\r\n".join)
WORDS = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=40)
FOLDED = st.lists(WORDS.map(str.encode), max_size=4).map(b"\r\n ".join)
FIELDS = st.lists(
    st.tuples(st.sampled_from([b"From", b"to", b"SUBJECT", b"Date", b"X-Any", b"Cc", b"References"]), FOLDED),
    max_size=8,
)


@given(FIELDS, st.one_of(LINES, st.binary(max_size=300)), st.sampled_from(CANONICALIZATIONS))
def test_whatever_is_signed_verifies(fields, body, canonicalization):
    head = b"".join(name + b":" + value + b"\r\n" for name, value in [*fields, (b"From", b" ann@example.org")])
    raw = signed(head + b"\r\n" + body, ["ed25519"], settings(canonicalization))
    assert is_right(raw, "ed25519")
    assert our_verdicts(raw) == ["pass"]
