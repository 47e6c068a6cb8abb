# SPDX-License-Identifier: GPL-3.0-or-later
"""How a history lies in Redis: a mark and the time of the last touch, then 18 octets for each day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from struct import Struct
from typing import TYPE_CHECKING

from postward.model.reputation_day import ReputationDay
from postward.store.reputation.record import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_DAYS = 60
_HEAD = Struct("<II")
_DAY = Struct("<Hffff")
_EPOCH = date(1970, 1, 1)
_LAST_DAY = 0xFFFF


def pack_days(days: Iterable[ReputationDay], *, last_s: int) -> bytes:
    """A history as Redis keeps it; raises ValueError for too many days, or what are no amounts."""
    listed = sorted(days, key=lambda day: day.day)
    numbers = [(day.day - _EPOCH).days for day in listed]
    sound = all(0 <= number <= _LAST_DAY and _is_sound(day) for number, day in zip(numbers, listed, strict=True))
    if len(listed) > MOST_DAYS or len(set(numbers)) != len(numbers) or not sound:
        raise ValueError("no history has such days")
    pieces = (
        _DAY.pack(number, day.good, day.bad, day.hard, day.seen) for number, day in zip(numbers, listed, strict=True)
    )
    return _HEAD.pack(0, last_s) + b"".join(pieces)


def unpack_days(value: object) -> tuple[ReputationDay, ...] | None:
    """The days, the earliest first; None for what is no history."""
    if not isinstance(value, bytes):
        return None
    length = len(value) - _HEAD.size
    if not 0 <= length <= MOST_DAYS * _DAY.size or length % _DAY.size:
        return None
    days = tuple(
        ReputationDay(day=_EPOCH + timedelta(number), good=good, bad=bad, hard=hard, seen=seen)
        for number, good, bad, hard, seen in _DAY.iter_unpack(value[_HEAD.size :])
    )
    in_order = all(one.day < other.day for one, other in pairwise(days))
    return days if in_order and all(map(_is_sound, days)) else None


def _is_sound(day: ReputationDay) -> bool:
    """Whether all amounts are some; the largest is a little more than ``MOST`` in 32 bits."""
    return all(0.0 <= amount <= 1.01 * MOST for amount in (day.good, day.bad, day.hard, day.seen))
