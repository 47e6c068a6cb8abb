# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of payment cards (ISO/IEC 7812): those that an issuer may give, with a right check digit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(r"[0-9]+(?:[ -][0-9]+)*", re.ASCII)
_GROUP = re.compile(r"([ -]?)([0-9]+)", re.ASCII)
_SHORTEST, _LONGEST = 13, 19
_FOUR = 4
_TRIPLES = ((4, 6, 5), (4, 6, 4))
"""How American Express and Diners Club group their digits."""
_MAX_HITS = 1_000
_ISSUERS: tuple[tuple[int, int, set[int]], ...] = (
    (34, 34, {15}), (37, 37, {15}),  # American Express
    (30, 30, {14}), (36, 36, {14, 15, 16, 17, 18, 19}), (38, 39, {14, 16}),  # Diners Club
    (35, 35, {16, 17, 18, 19}),  # JCB
    (40, 49, {13, 16, 19}),  # Visa
    (51, 55, {16}), (22, 27, {16}),  # Mastercard
    (50, 50, {16, 19}), (56, 59, {16, 19}), (61, 61, {16}), (63, 63, {16, 18, 19}),  # Maestro and kin
    (60, 60, {16, 19}), (64, 65, {16, 19}),  # Discover, RuPay
    (62, 62, {16, 17, 18, 19}),  # UnionPay
)  # fmt: skip
_LENGTHS = {prefix: lengths for first, last, lengths in _ISSUERS for prefix in range(first, last + 1)}
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def payment_cards(text: str) -> frozenset[str]:
    """Give the distinct card numbers in a text, as digits; they may be in groups, as on a card."""
    found: set[str] = set()
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= _SHORTEST:
            found.update(_in_groups(_whole_groups(text, run)))
            if len(found) >= _MAX_HITS:
                break
    return frozenset(found)


def has_luhn_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1 annex B)."""
    numbers = [ord(digit) - 48 for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[number] for number in numbers[1::2])) % 10 == 0


def _is_card(digits: str) -> bool:
    lengths = _LENGTHS.get(int(digits[:2]), set())
    return len(digits) in lengths and len(set(digits)) > 1 and has_luhn_digit(digits)


def _whole_groups(text: str, run: re.Match[str]) -> list[tuple[str, str]]:
    """Groups of digits, each with the separator before it; what belongs to a word or a fraction is left out."""
    groups = [(match[1], match[2]) for match in _GROUP.finditer(run.group())]
    before, behind = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 2]
    if before.isalnum() or before in ("_", ".", ","):
        groups = [("", ""), *groups[1:]]
    if behind[:1].isalnum() or behind[:1] == "_" or (behind[:1] in (".", ",") and behind[1:].isdigit()):
        groups = [*groups[:-1], ("", "")]
    return groups


def _in_groups(groups: list[tuple[str, str]]) -> Iterator[str]:
    for at, (_, digits) in enumerate(groups):
        if _SHORTEST <= len(digits) <= _LONGEST:
            yield from _cards([digits])
        elif len(digits) == _FOUR:
            triple = _same_separator(groups[at : at + 3])
            if tuple(map(len, triple)) in _TRIPLES:
                yield from _cards(["".join(triple)])
    for block in _blocks_of_four(groups):
        yield from _in_block(block)


def _same_separator(groups: list[tuple[str, str]]) -> list[str]:
    return [digits for _, digits in groups] if len({mark for mark, _ in groups[1:]}) == 1 else []


def _blocks_of_four(groups: list[tuple[str, str]]) -> Iterator[list[str]]:
    """Give groups of four digits that follow each other with one separator, and up to three digits behind them."""
    block: list[str] = []
    separator = ""
    for mark, digits in groups:
        if block and len(digits) <= _FOUR and (len(block) == 1 or mark == separator):
            separator = mark
            block.append(digits)
            if len(digits) == _FOUR:
                continue
            yield block
            block = []
            continue
        if block:
            yield block
        block = [digits] if len(digits) == _FOUR else []
    if block:
        yield block


def _in_block(block: list[str]) -> Iterator[str]:
    """Give the cards in groups of four: of many such groups all must be cards, or it is a table of other numbers."""
    if len(block) == _FOUR + 1 and len(block[-1]) < _FOUR:
        yield from _cards(["".join(block)])
    fours = [digits for digits in block if len(digits) == _FOUR]
    for offset in range(_FOUR):
        starts = range(offset, len(fours) - _FOUR + 1, _FOUR)
        cards = ["".join(fours[start : start + _FOUR]) for start in starts]
        if cards and all(map(_is_card, cards)):
            yield from cards
            return


def _cards(numbers: list[str]) -> Iterator[str]:
    return (digits for digits in numbers if _is_card(digits))
