# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses that a list answers with, as a pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address

_TEXT = re.compile(r"127\.(\d{1,3}(?:-\d{1,3})?)\.(\d{1,3}(?:-\d{1,3})?)\.(&?\d{1,3}(?:-\d{1,3})?)", re.ASCII)
_MAX_OCTET = 255


@dataclass(frozen=True, slots=True)
class CodePattern:
    """One answer, a range of them, or all with a bit set; always within 127.0.0.0/8 (RFC 5782 section 2.1)."""

    ranges: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
    """Lowest and highest value of the second, third and fourth octet."""
    bits: int = 0
    """Of the fourth octet, all of which are set; 0 asks for none."""

    def matches(self, address: IPv4Address) -> bool:
        """Tell whether the answer is one of these."""
        first, *others = address.packed
        if first != 127:  # noqa: PLR2004 - the network in which lists answer
            return False
        if others[2] & self.bits != self.bits:
            return False
        return all(low <= octet <= high for octet, (low, high) in zip(others, self.ranges, strict=True))


def parse_code(text: str) -> CodePattern:
    """Read ``127.0.0.2``, ``127.0.0.10-11``, ``127.0.2-15.3`` or ``127.0.0.&8``, which has the bit of 8 set.

    Raises ValueError, whose text goes on behind the value.
    """
    form = _TEXT.fullmatch(text)
    if form is None:
        raise ValueError("is no answer of a DNS list")
    second, third, fourth = form.groups()
    bits = 0
    if fourth.startswith("&"):
        if not fourth[1:].isdigit() or not 0 < int(fourth[1:]) <= _MAX_OCTET:
            raise ValueError("asks for bits that no octet has")
        bits, fourth = int(fourth[1:]), f"0-{_MAX_OCTET}"
    return CodePattern((_range(second), _range(third), _range(fourth)), bits)


def _range(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    pair = int(low), int(high or low)
    if not pair[0] <= pair[1] <= _MAX_OCTET:
        raise ValueError("has an octet that is none, or a range that falls")
    return pair
