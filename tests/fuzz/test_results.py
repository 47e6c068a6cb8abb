# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication-Results from outside: what bears our name is removed, what is believed is read."""

from __future__ import annotations

import authres
from hypothesis import strategies as st

from postward.actions.own_fields import forged_fields
from postward.authn.results import MethodResult, claims_authserv_id, parse_results, render
from postward.model.header import HeaderField, Headers
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import FIELDS, LINE, OURS, RESULT_VALUES, SPACE, TEXT
from tests.fuzz.invariants import MAX_LINE_OCTETS

VALUES = RESULT_VALUES.map(lambda text: text.encode("utf-8", "surrogatepass"))
_COMMENTS = st.sampled_from(["", "", "(c)", "(a (b) \\) c)", "()", "(\u202e)", "(;)"])
GAPS = st.tuples(st.sampled_from(["", " ", "\t", "\r\n "]), _COMMENTS, st.sampled_from(["", " ", "\r\n\t"])).map(
    "".join
)
SPELLINGS = st.sampled_from([
    OURS, OURS.upper(), OURS.title(), f'"{OURS}"', f"{OURS}.", "mx . example . net", "mx(c).example(d).net",
    "=?us-ascii?q?mx=2Eexample=2Enet?=", "=?utf-8?b?bXguZXhhbXBsZS5uZXQ=?=", '"m\\x.example.net"',
])  # fmt: skip
TAILS = st.one_of(st.sampled_from(["; none", " 1; dkim=pass", "", ";"]), TEXT.map(lambda text: f"; {text}"))


@fuzz(before=GAPS, name=SPELLINGS, after=GAPS, tail=TAILS, share=2)
def test_our_name_is_known_in_every_spelling(before, name, after, tail):
    value = f"{before}{name}{after}{tail}".encode("utf-8", "surrogatepass")
    assert claims_authserv_id(value, OURS), value


@fuzz(value=VALUES)
def test_what_another_reader_takes_for_ours_is_removed(value):
    claimed = claims_authserv_id(value, OURS)
    assert claims_authserv_id(value, OURS, subdomains=True) >= claimed
    try:
        text = value.decode("ascii", "replace").replace("\n", " ").replace("\r", " ")
        theirs = authres.AuthenticationResultsHeader.parse(f"Authentication-Results:{text}").authserv_id
    except (authres.AuthResError, RecursionError):
        return
    assert claimed or theirs.lower() != OURS


@fuzz(fields=st.lists(st.one_of(FIELDS, st.tuples(st.just(b"Authentication-Results"), VALUES)), max_size=20))
def test_each_removal_names_the_field_it_means(fields):
    headers = Headers([HeaderField(name, value) for name, value in fields])
    for removal in forged_fields(headers, OURS):
        named = [index for index, field in enumerate(headers) if field.key == removal.name.rstrip(b" \t").lower()]
        assert named[removal.occurrence - 1] == removal.position


@fuzz(value=VALUES)
def test_whatever_another_host_wrote_is_read_or_not(value):
    parsed = parse_results(value)
    assert parsed is None or len(parsed.results) <= 100
    if parsed is not None:
        assert all(len(result.properties) <= 50 for result in parsed.results)


RESULTS = st.builds(
    MethodResult,
    method=st.sampled_from(["spf", "dkim", "dmarc", "arc", "iprev"]),
    result=st.sampled_from(["pass", "fail", "none", "temperror"]),
    reason=TEXT,
    properties=st.lists(st.tuples(st.just("smtp"), st.sampled_from(["mailfrom", "helo"]), TEXT), max_size=4).map(tuple),
    comment=TEXT,
)


@fuzz(authserv_id=LINE, results=st.lists(RESULTS, max_size=12), smtputf8=st.booleans())
def test_lines_of_ours_are_short_and_clean(authserv_id, results, smtputf8):
    value = render(authserv_id, results, smtputf8=smtputf8)
    lines = value.split(b"\r\n")
    assert all(len(b"Authentication-Results: ") + len(line) < MAX_LINE_OCTETS for line in lines)
    assert all(line.replace(b"\t", b"").decode().isprintable() for line in lines)
    parsed = parse_results(value)
    assert [(found.method, found.result) for found in parsed.results] == [(r.method, r.result) for r in results]


@fuzz(space=SPACE, text=TEXT, share=0.5)
def test_a_name_of_others_is_left_alone(space, text):
    cleaned = "".join(char for char in text if char.isalnum() and char.isascii())
    value = f"{space}z{cleaned}.example; spf=pass".encode()
    assert not claims_authserv_id(value, OURS)
