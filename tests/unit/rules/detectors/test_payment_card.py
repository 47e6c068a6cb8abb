# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest

from postward.rules.detectors.payment_card import has_luhn_digit, payment_cards

VISA, MASTERCARD, AMEX = "4111111111111111", "5500000000000004", "371449635398431"


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        (f"card {VISA}.", {VISA}),
        ("4111 1111 1111 1111", {VISA}),
        ("4111-1111-1111-1111", {VISA}),
        ("3714 496353 98431", {AMEX}),
        (f"{VISA} and {VISA}", {VISA}),
        (f"{VISA}, {MASTERCARD}", {VISA, MASTERCARD}),
        ("4111 1111 1111 1111 5500 0000 0000 0004", {VISA, MASTERCARD}),
        ("1234 4111 1111 1111 1111", {VISA}),
        ("no 2 4111 1111 1111 1111 12/28", {VISA}),
        ("2223003122003222", {"2223003122003222"}),
        ("6011111111111117", {"6011111111111117"}),
        ("30569309025904", {"30569309025904"}),
    ],
)
def test_numbers_of_cards_are_found(text, cards):
    assert payment_cards(text) == cards


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "1234567812345670",  # no issuer has these, though the check digit is right
        "order 20261124000012345678901",
        f"0{VISA}",
        f"{VISA}0000000",
        f"id{VISA}",
        f"{VISA}x",
        f"{VISA}.50",
        f"0.{VISA}",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111-1111 1111 1111",
        "0000000000000000",
        "2001:db8:4111:1111:1111:1111::",
        "",
    ],
)
def test_other_numbers_are_none(text):
    assert payment_cards(text) == frozenset()


def test_a_table_of_numbers_with_four_digits_is_none():
    assert payment_cards(" ".join(str(4000 + number) for number in range(500))) == frozenset()


def test_the_check_digit():
    assert has_luhn_digit("79927398713")
    assert not has_luhn_digit("79927398710")


@pytest.mark.parametrize("text", ["4" * 1_000_000, "4111 " * 200_000, "4 " * 500_000, "4111-1111 " * 100_000])
def test_time_is_linear(text):
    started = time.process_time()
    payment_cards(text)
    assert time.process_time() - started < 3
