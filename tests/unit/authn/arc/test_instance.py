# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.arc.errors import ChainError
from postward.authn.arc.instance import read_instance, split_results


@pytest.mark.parametrize(("value", "instance"), [(b"1", 1), (b"50", 50), (b"01", 1)])
def test_instances(value, instance):
    assert read_instance(value, "ARC-Seal") == instance


@pytest.mark.parametrize("value", [None, b"", b"0", b"00", b"51", b"100", b"-1", b"1.0", b" 1", b"one", b"\xd9\xa1"])
def test_no_instance(value):
    with pytest.raises(ChainError, match="ARC-Seal"):
        read_instance(value, "ARC-Seal")


@pytest.mark.parametrize(
    ("value", "instance", "results"),
    [
        (b" i=1; a; none", 1, b" a; none"),
        (b"i=1;", 1, b""),
        (b"\r\n\ti = 12\r\n ;x", 12, b"x"),
        (b" (c) i (c)=(c;) 3 (a(b)\\)c) ; x (y; z)", 3, b" x (y; z)"),
        (b" i=1; a (b;c) ;d", 1, b" a (b;c) ;d"),
    ],
)
def test_results(value, instance, results):
    assert split_results(value) == (instance, results)


@pytest.mark.parametrize(
    "value", [b"", b"i=1", b" a; i=1", b"I=1;", b"i=;", b"i=x;", b"1;", b"(i=1;", b"((a) i=1;", b"(a" * 20 + b"i=1;"]
)
def test_no_results(value):
    with pytest.raises(ChainError):
        split_results(value)


@given(st.lists(st.sampled_from([b"i", b"=", b"1", b";", b"(", b")", b"\\", b" ", b"\xff"])).map(b"".join))
def test_any_octets(value):
    try:
        instance, results = split_results(value)
    except ChainError:
        return
    assert instance in {1, 11}
    assert value.endswith(results)


@pytest.mark.parametrize("piece", [b"(", b"()", b"\\(", b" "])
def test_hostile_comments_take_linear_time(piece):
    started_s = time.monotonic()
    with pytest.raises(ChainError):
        split_results(b"(" + piece * 1_000_000)
    assert time.monotonic() - started_s < 10
