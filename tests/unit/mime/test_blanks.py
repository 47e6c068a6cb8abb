# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.mime.blanks import with_single_blanks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \r\n\t", ""),
        (" a  b\r\n\r\n\tc ", "a b c"),
        ("é\u00a0\u2003 f", "é f"),
        ("a\x1c\x1f\x0b\x0cb", "a b"),
    ],
)
def test_runs_of_white_space_are_one_blank(text, expected):
    assert with_single_blanks(text) == expected


@given(st.text(st.sampled_from("ab \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u2028é")))
def test_it_is_what_splitting_and_joining_gives(text):
    assert with_single_blanks(text) == " ".join(text.split())


def test_a_long_run_is_no_burden():
    assert with_single_blanks(f"a{' ' * 10_000_000}b") == "a b"
