# SPDX-License-Identifier: GPL-3.0-or-later
"""How a record lies in Redis: 44 octets, little endian, and nothing else is taken for one."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from postward.model.reputation import SLOW, Record

if TYPE_CHECKING:
    from postward.model.reputation import HalfLives

_FORM = Struct("<ddddIII")
SIZE = _FORM.size
"""Octets; also the longest that Redis keeps in one piece with its own head."""
MOST = 1e15
"""More than this is no evidence; up to there one more message still makes a difference."""


def pack(record: Record, *, mark: int = 0) -> bytes:
    """The record as Redis keeps it; ``mark`` says which batch touched it last, 0 that none did.

    Raises ValueError for what would be refused when it is read.
    """
    if not _is_sound(*record):
        raise ValueError("no record has such numbers")
    return _FORM.pack(*record, mark)


def unpack(value: object) -> Record | None:
    """The record; None for any other value: of another length, another version, with what are no amounts."""
    return unpack_at(value, 0.0, SLOW)


def unpack_at(value: object, now_s: float, lives: HalfLives) -> Record | None:
    """The same as it counts at ``now_s``; made at once, for this is most of what reading costs."""
    if not isinstance(value, bytes) or len(value) != SIZE:
        return None
    good, bad, hard, seen, first_s, last_s, _ = _FORM.unpack(value)
    if not _is_sound(good, bad, hard, seen, first_s, last_s):
        return None
    soft_left, hard_left = lives.left(now_s - last_s)
    return Record(good * soft_left, bad * soft_left, hard * hard_left, seen, first_s, last_s)


def _is_sound(good: float, bad: float, hard: float, seen: float, first_s: int, last_s: int) -> bool:  # noqa: PLR0917 - as they lie
    """Whether it is what the script writes; NaN is neither more nor less than anything."""
    return (
        0.0 <= good <= MOST
        and 0.0 <= bad <= MOST
        and 0.0 <= hard <= MOST
        and 0.0 <= seen <= MOST
        and 0 <= first_s <= last_s <= 0xFFFFFFFF  # noqa: PLR2004 - 32 bits
    )
