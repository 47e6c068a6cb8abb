# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.results import MethodResult, parse_results
from postward.authn.results.parse import MAX_PROPERTIES, MAX_RESULTS, MAX_VALUE_BYTES


def parsed(value):
    found = parse_results(value)
    return [(result.method, result.result, result.properties) for result in found.results]


def test_a_usual_field():
    value = (
        b" mx.example.com 1;\r\n\tspf=pass (ok; really) smtp.mailfrom=a@example.com;\r\n"
        b'\tDKIM=Pass reason="good one" Header.D=example.com header.b="a/b=="'
    )
    found = parse_results(value)
    assert found.authserv_id == "mx.example.com"
    assert found.results == (
        MethodResult(method="spf", result="pass", properties=(("smtp", "mailfrom", "a@example.com"),)),
        MethodResult(
            method="dkim",
            result="pass",
            reason="good one",
            properties=(("header", "d", "example.com"), ("header", "b", "a/b==")),
        ),
    )


def test_the_comment_heavy_example_of_rfc_8601_appendix_b_7():
    value = (
        b"foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
        b"  policy (A dot can go here) . (like that) expired\r\n  (this surprised me) = (as I wasn't expecting it)"
        b" 1362471462"
    )
    assert parsed(value) == [("dkim", "fail", (("policy", "expired", "1362471462"),))]


@pytest.mark.parametrize(
    "value",
    [b"x;", b"x;;", b"x", b"x; none", b'"x"; none', b"x (unterminated; spf=pass", b"x; spf", b"x;=;==", b'x;"a" ""=b'],
)
def test_no_result(value):
    assert parsed(value) == []


@pytest.mark.parametrize(
    "value", [b"", b" ", b";", b"; spf=pass", b"(x", b'"x', b"=x; spf=pass", b"x" * (MAX_VALUE_BYTES + 1)]
)
def test_no_authserv_id(value):
    assert parse_results(value) is None


@pytest.mark.parametrize(
    ("segment", "properties"),
    [
        (b"smtp.mailfrom=a=b@example.com", (("smtp", "mailfrom", "a=b@example.com"),)),
        (b"header.b=ab/c==", (("header", "b", "ab/c=="),)),
        (b'smtp.mailfrom="a b"@example.com x.y=z', (("smtp", "mailfrom", "a b@example.com"), ("x", "y", "z"))),
        (b"header . d = example.com", (("header", "d", "example.com"),)),
        (b"stray header.d=example.com", (("header", "d", "example.com"),)),
        (b"action=none header.from=example.com", (("header", "from", "example.com"),)),
        (b'header.d="a\\"b\\\\"', (("header", "d", 'a"b\\'),)),
        (b'header.i=@a header.d="unterminated', (("header", "i", "@a"),)),
        (b"header.d= header.i=@a", (("header", "d", "header.i=@a"),)),
    ],
)
def test_properties(segment, properties):
    assert parsed(b"x; dkim=pass " + segment) == [("dkim", "pass", properties)]


def test_nothing_in_quotes_or_comments_is_a_result():
    value = b'x; spf=fail smtp.mailfrom="a; dkim=pass" (b; dkim=pass (c) ; dkim=pass) smtp.helo=c; dmarc=fail'
    assert [entry[:2] for entry in parsed(value)] == [("spf", "fail"), ("dmarc", "fail")]


def test_a_broken_result_does_not_spoil_the_others():
    assert [entry[:2] for entry in parsed(b"x; a b c; d.e=f; spf=pass; =; dkim = fail")] == [
        ("spf", "pass"),
        ("dkim", "fail"),
    ]


def test_numbers_are_bounded():
    assert len(parsed(b"x" + b"; spf=pass" * 1000)) == MAX_RESULTS
    assert len(parsed(b"x; spf=pass" + b" a.b=c" * 1000)[0][2]) == MAX_PROPERTIES


@given(st.text('ab.;="\\()/ \r\n\x00\xfc-', max_size=60).map(str.encode) | st.binary(max_size=60))
def test_never_raises(value):
    found = parse_results(b"x;" + value)
    assert found is not None


@pytest.mark.parametrize("piece", [b"(", b'"', b'\\"', b"a.", b"a=", b"a ", b". ", b"a-", b";", b'""', b"()"])
def test_hostile_repetition_ends(piece):
    # Super-linear work on 64 KiB would show as a test run that does not end.
    assert parse_results(b"x; spf=pass " + piece * (60_000 // len(piece))) is not None


def test_a_word_longer_than_any_that_is_registered_is_no_keyword():
    parsed = parse_results(b"a.example; %s=pass; spf=%s; %s=pass" % (b"x" * 64, b"y" * 65, b"z" * 65))
    assert [result.method for result in parsed.results] == ["x" * 64]
