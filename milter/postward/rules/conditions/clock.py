# SPDX-License-Identifier: GPL-3.0-or-later
"""Days of the week and hours of the day, in a time zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding
from postward.rules.conditions.leaf import Leaf
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from postward.rules.conditions.base import Subject

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_OF_DAY = 1440


class TimeCondition(Leaf):
    """The message comes on one of these days, within these hours.

    Hours that end before they begin go over midnight; what is past midnight then belongs to the day before.
    """

    stage = Stage.CONNECT

    def __init__(self, weekdays: frozenset[int], first_minute: int, end_minute: int, zone: ZoneInfo) -> None:
        """Minutes of the day; the last one is not within."""
        self._weekdays = weekdays
        self._first = first_minute
        self._end = end_minute
        self._zone = zone

    def test(self, subject: Subject) -> Finding:
        """Look at the clock."""
        now = datetime.fromtimestamp(subject.message.now_s, self._zone)
        day, minute = now.weekday(), now.hour * 60 + now.minute
        if self._end <= self._first and minute < self._end:
            day, minute = (day - 1) % 7, minute + _MINUTES_OF_DAY
        end = self._end if self._end > self._first else self._end + _MINUTES_OF_DAY
        matched = day in self._weekdays and self._first <= minute < end
        return Finding(matched=matched, asked="time", seen=f"{WEEKDAYS[now.weekday()]} {now:%H:%M}")
