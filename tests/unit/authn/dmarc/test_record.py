# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dmarc.record import PolicyRecord, PsdFlag, has_version, parse_record
from postward.model.dmarc import DmarcPolicy


@pytest.mark.parametrize(
    "text",
    [
        b"v=DMARC1",
        b"v=DMARC1;",
        b"v=DMARC1;p=reject",
        b"v = DMARC1 ; p=none",
        b" v=DMARC1",
        b"V=DMARC1",
        b"v\t=DMARC1\t;",
    ],
)
def test_version(text):
    assert has_version(text)


@pytest.mark.parametrize(
    "text",
    [b"", b"v=dmarc1", b"v=DMARC10", b"v=DMARC1 p=reject", b"v=DMARC1,p=reject", b"p=reject; v=DMARC1", b"v=spf1 -all",
     b"; v=DMARC1", b"v=DMARC2", b"v=DMARC1\x00", b"xv=DMARC1", b"v=DMARC1\nv=DMARC1"],
)  # fmt: skip
def test_not_a_version(text):
    assert not has_version(text)


def test_all_tags():
    record = parse_record(
        b"v=DMARC1; rua=mailto:a@example.com; P = Reject;sp=QUARANTINE; np=none; t=Y; psd=N; adkim=S; aspf=s"
    )
    assert record == PolicyRecord(
        p=DmarcPolicy.REJECT,
        sp=DmarcPolicy.QUARANTINE,
        np=DmarcPolicy.NONE,
        wants_reports=True,
        psd=PsdFlag.NO,
        is_test=True,
        strict_dkim=True,
        strict_spf=True,
    )


def test_defaults_take_the_place_of_syntax_errors_and_historic_tags_are_ignored():
    record = parse_record(b"v=DMARC1; p=none; t=maybe; psd=x; adkim=q; aspf=; pct=0; rf=x; ri; =; ;; 7=\xff")
    assert record == PolicyRecord(p=DmarcPolicy.NONE)


@pytest.mark.parametrize(
    "text", [b"v=DMARC1; p=none; p=none", b"v=DMARC1; x=1; p=none; X=2", b"v=DMARC1; p=none; v=DMARC1"]
)
def test_a_tag_given_twice_spoils_the_whole_list(text):
    assert parse_record(text) is None


@pytest.mark.parametrize("tags", [b"p=rejct", b"p=", b"p=reject; sp=foo", b"p=reject; np="])
def test_invalid_policies_are_told_from_absent_ones(tags):
    assert parse_record(b"v=DMARC1; " + tags).has_invalid_policy
    assert not parse_record(b"v=DMARC1").has_invalid_policy


@pytest.mark.parametrize(
    ("rua", "valid"),
    [
        (b"mailto:a@example.com", True),
        (b"mailto:a@example.com!10m", True),
        (b"nonsense, https://example.com/r", True),
        (b"mailto:a%2Cb@example.com", True),
        (b"a@example.com", False),
        (b"mailto:", True),
        (b"x:,", True),
        (b":a@example.com", False),
        (b"1x:a", False),
        (b"mailto:a@example.com!", False),
        (b"mailto:a b", False),
        (b"mailto:%zz", False),
        (b"", False),
    ],
)
def test_reporting_addresses(rua, valid):
    assert parse_record(b"v=DMARC1; rua=" + rua).wants_reports is valid


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b" \n;", b";\r\n"])
def test_a_line_end_that_slipped_into_the_record_belongs_to_no_value(end):
    assert parse_record(b"v=DMARC1; p=reject" + end).p is DmarcPolicy.REJECT


def test_a_tag_without_value_takes_nothing_away():
    assert parse_record(b"v=DMARC1; p=reject; p; sp; t=y; t").p is DmarcPolicy.REJECT


@given(st.binary(max_size=200))
def test_anything_can_be_parsed(text):
    record = parse_record(b"v=DMARC1;" + text)
    assert record is None or record.p in {None, *DmarcPolicy}
