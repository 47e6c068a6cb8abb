# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest

from postward.errors import UsageError
from postward.scoring.expression import MAX_CHARACTERS, names_in, read_expression


@pytest.mark.parametrize(
    ("text", "found", "holds"),
    [
        ("A", "A", True),
        ("A", "B", False),
        ("!A", "", True),
        ("!A", "A", False),
        ("!!A", "A", True),
        ("A & !B", "A", True),
        ("A & !B", "A B", False),
        ("A & B | C", "C", True),
        ("A & (B | C)", "C", False),
        ("A&(B|C)", "A C", True),
        ("A | B & C", "A", True),
        ("!(A | B)", "C", True),
        ("  A_1  &  B2  ", "A_1 B2", True),
    ],
)
def test_not_binds_before_and_and_before_or(text, found, holds):
    assert read_expression(text).holds(found.split()) is holds


def test_it_knows_what_it_asks_for():
    assert names_in(read_expression("A & !(B | A) & C_D")) == {"A", "B", "C_D"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends where a symbol is expected"),
        ("A &", "ends where a symbol is expected"),
        ("& A", "'&' stands where a symbol is expected"),
        ("A B", "'B' stands where & or | is expected"),
        ("A)", "')' stands where & or | is expected"),
        ("(A", "a parenthesis is not closed"),
        ("A and B", "'and B' is neither a symbol nor one of & | ! ( )"),
        ("A & b", "'b' is neither a symbol nor one of & | ! ( )"),
        ("(" * 30 + "A" + ")" * 30, "goes deeper than 20"),
        ("!" * 30 + "A", "goes deeper than 20"),
        ("A" * (MAX_CHARACTERS + 1), f"is longer than {MAX_CHARACTERS} characters"),
    ],
)
def test_what_is_wrong_is_said_in_words(text, words):
    with pytest.raises(UsageError, match=re.escape(words)):
        read_expression(text)
