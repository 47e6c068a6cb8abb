# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import authres
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.results import MethodResult, parse_results, render
from postward.authn.results.render import MAX_RESULTS

KEYWORDS = st.sampled_from(["smtp", "header", "policy", "mailfrom", "d", "x-y"])
HOSTILE = st.text(
    st.sampled_from('a;="\\()<>@,.:/[]{}\r\n\t \x00\x7f\xfc\xa0\u2028\udcff'), max_size=40
) | st.sampled_from(
    [
        "; dkim=pass header.d=bank.example",
        ") dkim=pass (",
        '" ; dkim=pass',
        "\\",
        '\\"',
        "a" * 3000,
        "(" * 500,
        '"' * 400,
    ]
)
RESULTS = st.builds(
    MethodResult,
    method=st.sampled_from(["spf", "dkim", "dmarc"]),
    result=st.sampled_from(["fail", "neutral"]),
    reason=HOSTILE,
    comment=HOSTILE,
    properties=st.lists(st.tuples(KEYWORDS, KEYWORDS, HOSTILE), max_size=4).map(tuple),
)


def unfolded(value):
    return re.sub(rb"\r\n(?=[ \t])", b"", value)


def test_none():
    assert render("mx.example.com", []) == b"mx.example.com; none"


def test_a_short_result_stays_on_one_line():
    result = MethodResult(method="spf", result="pass", properties=(("smtp", "mailfrom", "a@example.com"),))
    assert render("mx.example.com", [result]) == b"mx.example.com; spf=pass smtp.mailfrom=a@example.com"


def test_every_result_starts_a_line_and_lines_are_folded_between_words():
    signature = MethodResult(
        method="dkim",
        result="pass",
        comment="2048-bit key",
        properties=(
            ("header", "d", "mail.example.com"),
            ("header", "i", "@mail.example.com"),
            ("header", "s", "selector"),
            ("header", "b", "ab/+="),
        ),
    )
    assert render("mx.example.com", [signature, MethodResult(method="spf", result="none")]) == (
        b"mx.example.com;\r\n"
        b"\tdkim=pass (2048-bit key) header.d=mail.example.com\r\n"
        b'\t  header.i=@mail.example.com header.s=selector header.b="ab/+=";\r\n'
        b"\tspf=none"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("example.com", b"example.com"),
        ("@example.com", b"@example.com"),
        ("a+b@example.com", b"a+b@example.com"),
        ("2001:db8::1", b'"2001:db8::1"'),
        ("a b", b'"a b"'),
        ('"a;b"@example.com', b'"\\"a;b\\"@example.com"'),
        ("a\\", b'"a\\\\"'),
        ("a@b@c", b'"a@b@c"'),
        ("@example.com.", b'"@example.com."'),
        ("@a..b", b'"@a..b"'),
        ("@", b'"@"'),
        ("b\xfccher", b'"b?cher"'),
        ("a\r\nX-Spam: no", b'"a??X-Spam: no"'),
    ],
)
def test_values_are_quoted_unless_plain(value, written):
    result = MethodResult(method="spf", result="fail", properties=(("smtp", "mailfrom", value),))
    assert render("mx", [result]) == b"mx; spf=fail smtp.mailfrom=" + written


def test_smtputf8():
    result = MethodResult(method="spf", result="fail", properties=(("smtp", "mailfrom", "j\xfcrgen@example.com"),))
    assert render("mx.example.com", [result], smtputf8=True).endswith('="j\xfcrgen@example.com"'.encode())


@pytest.mark.parametrize("value", ["", "a" * 3000])
def test_a_value_that_is_empty_or_too_long_is_left_out(value):
    properties = (("smtp", "mailfrom", value), ("smtp", "helo", "b"))
    result = MethodResult(method="spf", result="fail", properties=properties)
    assert render("mx.example.com", [result]) == b"mx.example.com; spf=fail smtp.helo=b"


def test_nothing_but_a_result_reads_as_a_pass_to_whoever_searches_for_it():
    hostile = "x dmarc=pass header.from=bank.example"
    result = MethodResult(
        method="spf", result="fail", comment=hostile, reason=hostile, properties=(("smtp", "helo", hostile),)
    )
    assert b"dmarc=pass" not in render("mx.example.com", [result])


def test_number_of_results_is_bounded():
    value = render("mx.example.com", [MethodResult(method="spf", result="fail")] * 1000)
    assert value.count(b";") == MAX_RESULTS


@given(st.lists(RESULTS, min_size=1, max_size=5), st.booleans())
def test_whatever_the_values_the_field_says_exactly_the_results(results, smtputf8):
    value = render("mx.example.com", results, smtputf8=smtputf8)
    assert all(len(line) <= 998 for line in value.split(b"\r\n"))
    flat = unfolded(value)
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", flat)
    said = [(result.method, result.result) for result in results]
    assert [(found.method, found.result) for found in parse_results(value).results] == said
    if smtputf8:
        # The other reader knows nothing of RFC 6532.
        return
    theirs = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {flat.decode()}")
    assert [(found.method, found.result) for found in theirs.results] == said


@given(st.text('ab@.;"\\ ()=\t', max_size=30))
def test_values_survive_the_round_trip(text):
    result = MethodResult(method="spf", result="fail", properties=(("smtp", "helo", text),))
    expected = (text.replace("\t", "?"),) if text else ()
    assert parse_results(render("mx.example.com", [result])).results[0].values("smtp", "helo") == expected
