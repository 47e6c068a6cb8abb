# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.rules.compiling import condition_faults, holds, mail


def at(text, zone="Europe/Berlin"):
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return mail("From: a@b.example", now_s=moment.timestamp())


OFFICE = '{time: {weekdays: [mon, tue, wed, thu, fri], hours: "08:00-18:00", tz: Europe/Berlin}}'
NIGHT = '{time: {weekdays: [fri], hours: "22:00-06:00", tz: Europe/Berlin}}'


@pytest.mark.parametrize(
    ("condition", "moment", "expected"),
    [
        (OFFICE, "2026-11-24T08:00", True),
        (OFFICE, "2026-11-24T17:59", True),
        (OFFICE, "2026-11-24T18:00", False),
        (OFFICE, "2026-11-24T07:59", False),
        (OFFICE, "2026-11-28T10:00", False),
        (OFFICE, "2026-07-24T08:00", True),
        (NIGHT, "2026-11-27T22:00", True),
        (NIGHT, "2026-11-28T05:59", True),
        (NIGHT, "2026-11-28T06:00", False),
        (NIGHT, "2026-11-27T05:00", False),
        (NIGHT, "2026-11-28T23:00", False),
        ("{time: {weekdays: sat, tz: Europe/Berlin}}", "2026-11-28T00:00", True),
        ('{time: {hours: "00:00-24:00"}}', "2026-11-28T23:59", True),
    ],
)
def test_hours_and_days(condition, moment, expected):
    assert holds(condition, at(moment)) is expected


@pytest.mark.parametrize(
    ("time", "fault"),
    [
        ("{tz: UTC}", "time: names neither weekdays nor hours"),
        (
            "{weekdays: [monday]}",
            "time.weekdays[0]: must be one of mon, tue, wed, thu, fri, sat, sun (did you mean mon?)",
        ),
        ("{hours: 8-18}", 'time.hours: must be hours of the day (write "08:00-18:00")'),
        (
            '{hours: "08:00-08:00"}',
            'time.hours: must be hours of the day (write "08:00-18:00", or "22:00-06:00" over midnight)',
        ),
        (
            '{hours: "08:00-18:00", tz: Europe/Berln}',
            "time.tz: there is no such time zone (did you mean Europe/Berlin?)",
        ),
    ],
)
def test_faults(time, fault):
    assert condition_faults(f"{{time: {time}}}") == [fault]
