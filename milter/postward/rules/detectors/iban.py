# SPDX-License-Identifier: GPL-3.0-or-later
"""International bank account numbers (ISO 13616): of the length of their country, with right check digits."""

from __future__ import annotations

import re

_CANDIDATE = re.compile(r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[0-9A-Za-z]){11,30}", re.ASCII)
_MAX_HITS = 1_000
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip


def ibans(text: str) -> frozenset[str]:
    """Give the distinct account numbers in a text, without blanks, in upper case."""
    found: set[str] = set()
    position = 0
    while len(found) < _MAX_HITS:
        match = _CANDIDATE.search(text, position)
        if match is None:
            break
        number, end = _number(text, match)
        if number:
            found.add(number)
        # A word before it may look like the beginning of one: what follows its first letter may be the real one.
        position = end if number else match.start() + 1
    return frozenset(found)


def _number(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Give the number at a match, and where it ends; "" where there is none."""
    start = match.start()
    length = _LENGTHS.get(text[start : start + 2].upper())
    if length is None or (start and (text[start - 1].isalnum() or text[start - 1] == "_")):
        return "", start
    taken: list[str] = []
    end = start
    while end < match.end() and len(taken) < length:
        if text[end] not in " -":
            taken.append(text[end])
        end += 1
    number = "".join(taken).upper()
    is_whole = len(number) == length and not text[end : end + 1].isalnum()
    return (number, end) if is_whole and _is_right(number) else ("", start)


def _is_right(number: str) -> bool:
    """Whether the check digits are right (ISO 7064, MOD 97-10)."""
    turned = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
