# SPDX-License-Identifier: GPL-3.0-or-later
"""Octets in the place of a scanner's answer: whatever comes, a result that holds what it promises, or a failure."""

from __future__ import annotations

import json
import math
import re

from hypothesis import strategies as st

from postward.model.scan_result import ScanStatus
from postward.scanners import clamav, rspamd, spamassassin
from postward.scanners.failure import ScannerFailure
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, edited

SYMBOL = re.compile(r"[A-Z0-9_]{1,60}", re.ASCII)
NUMBERS = st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=3))
CLAMAV = st.sampled_from([b"stream: OK", b"stream: Eicar FOUND", b"stream: Heuristics.Limits.Exceeded FOUND", b"ERROR"])
SPAMD = st.builds(
    lambda code, score, names: b"SPAMD/1.1 %d EX\r\nSpam: True ; %s / 5.0\r\n\r\n%s" % (code, score, b",".join(names)),
    st.sampled_from([0, 0, 0, 76]),
    st.floats().map(lambda score: f"{score:.1f}".encode()),
    st.lists(st.binary(max_size=70), max_size=400),
)
RSPAMD = st.fixed_dictionaries(
    {"score": NUMBERS},
    optional={
        "required_score": NUMBERS,
        "is_skipped": NUMBERS,
        "symbols": st.one_of(
            NUMBERS,
            st.dictionaries(st.text(max_size=70), st.one_of(NUMBERS, st.fixed_dictionaries({"score": NUMBERS}))),
        ),
    },
).map(lambda answer: json.dumps(answer).encode())


@st.composite
def answers(draw):
    """What one of the three says, most likely whole."""
    read, kind = draw(
        st.sampled_from([
            (clamav.read_reply, CLAMAV), (spamassassin.read_reply, SPAMD), (rspamd.read_reply, RSPAMD),
        ])
    )  # fmt: skip
    answer = draw(kind)
    return read, edited(answer, draw(EDITS)) if draw(st.booleans()) else answer


@fuzz(answer=answers())
def test_an_answer_of_a_scanner(answer):
    read, octets = answer
    try:
        result = read(octets)
    except ScannerFailure:
        return
    assert result.status in (ScanStatus.CLEAN, ScanStatus.VIRUS)
    assert all(0 < len(name) <= 100 and name.isascii() and name.isprintable() for name in result.viruses)
    assert len(result.symbols) <= 300
    assert all(SYMBOL.fullmatch(name) and math.isfinite(points) for name, points in result.symbols)
    assert all(number is None or math.isfinite(number) for number in (result.score, result.required))
