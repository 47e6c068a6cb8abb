# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest

from postward.rules.detectors.iban import ibans

GERMAN = "DE89370400440532013000"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"IBAN {GERMAN}", {GERMAN}),
        ("DE89 3704 0044 0532 0130 00", {GERMAN}),
        ("de89370400440532013000", {GERMAN}),
        ("GB82 WEST 1234 5698 7654 32, please", {"GB82WEST12345698765432"}),
        ("NO93 8601 1117 947", {"NO9386011117947"}),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", {"MT84MALT011000012345MTLCAST001S"}),
        (f"{GERMAN} {GERMAN}", {GERMAN}),
        (f"to AT61 1904 3002 3457 3201 and {GERMAN}", {"AT611904300234573201", GERMAN}),
        ("pay DE89370400440532013000 now", {GERMAN}),
    ],
)
def test_account_numbers_are_found(text, found):
    assert ibans(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "DE88370400440532013000",
        "DE8937040044053201300",
        "DE893704004405320130001",
        "ZZ89370400440532013000",
        "XDE89370400440532013000",
        "",
    ],
)
def test_others_are_none(text):
    assert ibans(text) == frozenset()


@pytest.mark.parametrize("text", ["DE89" * 250_000, "DE89 " * 200_000, "DE" * 500_000, "A" * 1_000_000])
def test_time_is_linear(text):
    started = time.process_time()
    ibans(text)
    assert time.process_time() - started < 5
