# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config.closest import closest

KNOWN = ("deadline_s", "failure_action", "max_header_bytes")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("deadline", "deadline_s"),
        ("Failure-Action", "failure_action"),
        ("max_headers_bytes", "max_header_bytes"),
        ("colour", None),
        ("deadline_s" * 100, None),
    ],
)
def test_which_word_was_meant(word, meant):
    assert closest(word, KNOWN) == meant


def test_the_case_of_the_known_words_counts():
    assert closest("spf_fial", ("SPF_FAIL", "SPF_PASS"), fold=str.upper) == "SPF_FAIL"
