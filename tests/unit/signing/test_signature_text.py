# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.tag_list import parse_tag_list, split_list, without_value
from postward.signing.signature_text import MAX_COLUMNS, encode_base64, unsigned_text, with_signature

NAMES = st.lists(st.from_regex(r"[a-z][a-z-]{0,40}", fullmatch=True), min_size=1, max_size=60)
LABELS = st.lists(st.from_regex(r"[a-z0-9]{1,63}", fullmatch=True), min_size=1, max_size=3)


@given(LABELS, NAMES, st.binary(min_size=1, max_size=512))
def test_it_is_folded_and_reads_back(labels, names, signature):
    domain = ".".join(labels)
    unsigned = unsigned_text("DKIM-Signature", [("v", "1"), ("d", domain), ("h", ":".join(names))])
    value = with_signature(unsigned, signature)
    tags = parse_tag_list(value)
    assert list(tags) == [b"v", b"d", b"h", b"b"]
    assert tags[b"d"] == domain.encode()
    assert split_list(tags[b"h"]) == [name.encode() for name in names]
    assert b64decode(re.sub(rb"\s", b"", tags[b"b"])) == signature
    lines = (b"DKIM-Signature: " + value).split(b"\r\n")
    assert all(len(line) <= MAX_COLUMNS for line in lines if domain.encode() not in line)
    assert all(re.fullmatch(rb" [!-~][ -~]*[!-~]|DKIM-Signature: v=1;.*", line) for line in lines)


@given(st.binary(min_size=1, max_size=600))
def test_the_value_of_b_is_all_that_a_verifier_takes_out(signature):
    unsigned = unsigned_text("DKIM-Signature", [("v", "1"), ("h", "from")])
    assert without_value(with_signature(unsigned, signature), b"b") == unsigned


@pytest.mark.parametrize("length", [1, 63, 64, 65, 400])
def test_a_long_domain_stands_on_a_line_of_its_own(length):
    value = unsigned_text("DKIM-Signature", [("v", "1"), ("d", "d" * length), ("s", "sel")])
    assert value.startswith(b"v=1;")
    assert re.sub(rb"\s+", b" ", value) == b"v=1; d=" + b"d" * length + b"; s=sel; b="


def test_base64_is_on_one_line():
    assert encode_base64(bytes(100)) == "A" * 134 + "=="
