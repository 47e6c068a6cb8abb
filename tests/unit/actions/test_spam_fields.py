# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.spam_fields import spam_fields
from postward.model.symbol import Symbol
from postward.model.verdict import Decision, Verdict


def fields(verdict=Verdict.HAM, score=0.0, symbols=(), not_checked=None):
    found = spam_fields(
        Decision(verdict=verdict, reason=""), symbols, score=score, junk_threshold=5, not_checked=not_checked or {}
    )
    return {field.name: field.value for field in found}


def test_ham():
    assert fields(score=-1.5) == {
        "X-Spam-Flag": b"NO",
        "X-Spam-Score": b"-1.5",
        "X-Spam-Status": b"No, score=-1.5 required=5.0\r\n\ttests=none",
    }


def test_junk_shows_its_symbols():
    found = fields(Verdict.JUNK, 6.2, (Symbol(name="SPF_FAIL", score=2), Symbol(name="DMARC_NONE", score=0)))
    assert found["X-Spam-Flag"] == b"YES"
    assert found["X-Spam-Level"] == b"******"
    assert found["X-Spam-Status"] == b"Yes, score=6.2 required=5.0\r\n\ttests=SPF_FAIL=2.0,DMARC_NONE=0.0"


def test_long_lists_are_folded():
    value = fields(symbols=tuple(Symbol(name=f"SYMBOL_{i}", score=1) for i in range(40)))["X-Spam-Status"]
    lines = value.split(b"\r\n\t")
    assert all(len(line) < 78 for line in lines)
    assert b"".join(lines).count(b"SYMBOL_") == 40


def test_names_what_was_not_checked():
    assert fields(not_checked={"spf": "x", "dkim": "y"})["X-Spam-Status"].endswith(b"\r\n\tnot_checked=dkim,spf")


@pytest.mark.parametrize("score", [0.99, -3, 0])
def test_no_empty_level(score):
    assert "X-Spam-Level" not in fields(score=score)


def test_the_level_is_bounded():
    assert fields(score=1e6)["X-Spam-Level"] == b"*" * 50


@pytest.mark.parametrize(
    ("score", "written"),
    [(0, b"0.0"), (-0.0001, b"0.0"), (1e6, b"1000000.0"), (-1.25, b"-1.25"), (0.00001, b"0.0"), (4.9994, b"4.999")],
)
def test_scores_are_plain_decimals(score, written):
    found = fields(score=score, symbols=(Symbol(name="X", score=score),))
    assert found["X-Spam-Score"] == written
    assert found["X-Spam-Status"] == b"No, score=%s required=5.0\r\n\ttests=X=%s" % (written, written)
