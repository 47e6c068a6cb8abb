# SPDX-License-Identifier: GPL-3.0-or-later
"""The time in a Date or Received field (RFC 5322 section 3.3), as generously as readers take it."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz
from typing import NamedTuple

_TIME = re.compile(
    rb"(?:[A-Za-z]{2,9}\.?,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]{0,6}[\s-]+(\d{2}|\d{4})[\s,]+"
    rb"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([+-])(\d{2})(\d{2})\b|\s+([A-Za-z]{1,5})\b)?"
)
_MONTHS = {
    month: number
    for number, month in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}
_MAX_BYTES = 128
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY_S = 86_400
_MAX_HOUR, _MAX_MINUTE, _MAX_SECOND = 23, 59, 60
_TWO_DIGITS, _PIVOT = 100, 50
# RFC 5322 section 4.3; other names are taken as UTC.
_ZONE_HOURS = {
    b"EST": -5, b"EDT": -4, b"CST": -6, b"CDT": -5, b"MST": -7, b"MDT": -6, b"PST": -8, b"PDT": -7, b"MET": 1,
    b"CET": 1, b"CEST": 2, b"BST": 1, b"JST": 9, b"IST": 0,
}  # fmt: skip


class FieldTime(NamedTuple):
    """A time as it was written."""

    unix_s: int
    zone_minutes: int
    """East of Greenwich."""
    has_zone: bool
    zone_is_possible: bool
    """Between -12:00 and +14:00, with fewer than 60 minutes."""


def read_time(value: bytes) -> FieldTime | None:
    """Read the time at the beginning of the value; None where there is none that anybody could read."""
    match = _TIME.match(value, 0, _MAX_BYTES)
    found = _taken(match) if match is not None else None
    return found or _otherwise(value[:_MAX_BYTES])


def _taken(match: re.Match[bytes]) -> FieldTime | None:
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes, zone = match.groups()
    number = _MONTHS.get(month.lower())
    if number is None or int(hour) > _MAX_HOUR or int(minute) > _MAX_MINUTE or int(second or 0) > _MAX_SECOND:
        return None
    try:
        days = date(_full_year(int(year)), number, int(day)).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    east = int(zone_hours) * 60 + int(zone_minutes) if sign else 60 * _ZONE_HOURS.get((zone or b"").upper(), 0)
    east = -east if sign == b"-" else east
    unix_s = days * _DAY_S + int(hour) * 3600 + int(minute) * 60 + int(second or 0) - east * 60
    is_possible = -12 * 60 <= east <= 14 * 60 and int(zone_minutes or 0) <= _MAX_MINUTE
    return FieldTime(unix_s, east, has_zone=bool(sign or zone), zone_is_possible=is_possible)


def _full_year(year: int) -> int:
    # RFC 5322 section 4.3.
    if year >= _TWO_DIGITS:
        return year
    return year + (2000 if year < _PIVOT else 1900)


def _otherwise(value: bytes) -> FieldTime | None:
    """Other forms, such as that of asctime(), which the standard library reads."""
    try:
        parts = parsedate_tz(value.decode("ascii", "replace"))
        if parts is None:
            return None
        days = date(*parts[:3]).toordinal() - _EPOCH_DAY
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if not (0 <= parts[3] <= _MAX_HOUR and 0 <= parts[4] <= _MAX_MINUTE and 0 <= parts[5] <= _MAX_SECOND):
        return None
    east_s = parts[9] or 0
    unix_s = days * _DAY_S + parts[3] * 3600 + parts[4] * 60 + parts[5] - east_s
    return FieldTime(unix_s, east_s // 60, has_zone=parts[9] is not None, zone_is_possible=abs(east_s) <= 14 * 3600)
