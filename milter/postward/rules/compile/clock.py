# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions ``time`` and ``sample``, and the dates between which a rule is in force."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from postward.config.closest import closest
from postward.rules.activation import Activation
from postward.rules.compile.fields import Fields
from postward.rules.conditions.clock import WEEKDAYS, TimeCondition
from postward.rules.conditions.sample import SampleCondition

if TYPE_CHECKING:
    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?- ?([0-9]{1,2}):([0-9]{2})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_WHOLE_DAY = (0, 1440)
_UTC = ZoneInfo("UTC")


def time_condition(place: Place, _context: Context) -> Condition:
    """Read ``{weekdays: [mon, fri], hours: "08:00-18:00", tz: Europe/Berlin}``."""
    fields = Fields(place, ("weekdays", "hours", "tz"))
    if "weekdays" not in fields and "hours" not in fields:
        raise place.fault("names neither weekdays nor hours")
    days = fields.read("weekdays", _weekdays, frozenset(range(7)))
    first, end = fields.read("hours", _hours, _WHOLE_DAY)
    zone = fields.read("tz", zone_of, _UTC)
    fields.finish()
    return TimeCondition(days, first, end, zone)


def _weekdays(place: Place) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(at.choice(WEEKDAYS)) for at in place.item_or_items())


def sample_condition(place: Place, context: Context) -> Condition:
    """Read ``{percent: 5}``."""
    entries = place.mapping(("percent",))
    if "percent" not in entries:
        raise place.fault("has no percent", "write {percent: 5}")
    return SampleCondition(context.rule, entries["percent"].number(0, 100))


def activation(place: Place) -> Activation:
    """Read ``{from: 2026-12-01, until: 2027-06-30, tz: Europe/Berlin}``; a day counts whole."""
    fields = Fields(place, ("from", "until", "tz"))
    zone = fields.read("tz", zone_of, _UTC)
    from_s = fields.read("from", lambda at: moment(at, zone, is_end=False), None)
    until_s = fields.read("until", lambda at: moment(at, zone, is_end=True), None)
    fields.finish()
    if from_s is None and until_s is None:
        raise place.fault("has neither from nor until")
    if from_s is not None and until_s is not None and until_s <= from_s:
        raise fields["until"].fault("is before from", "the rule would never be in force")
    return Activation(from_s=from_s, until_s=until_s)


def moment(place: Place, zone: ZoneInfo, *, is_end: bool) -> float:
    """Give the Unix time of a day, or of a time of a day; the end of a day is the beginning of the next."""
    text = place.text()
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
            return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
        if _MOMENT.fullmatch(text):
            parsed = datetime.fromisoformat(text)
            return (parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        pass
    raise place.fault("is no date", "write 2026-12-01, or 2026-12-01T08:00")


def zone_of(place: Place) -> ZoneInfo:
    """Give a time zone by its name."""
    name = place.text()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = closest(name, tuple(available_timezones()), str)
        hint = f"did you mean {near}?" if near else "write it as in Europe/Berlin"
        raise place.fault("there is no such time zone", hint) from None


def _hours(place: Place) -> tuple[int, int]:
    found = _HOURS.fullmatch(place.text())
    if found is None:
        raise place.fault("must be hours of the day", 'write "08:00-18:00"')
    first_hour, first_minute, end_hour, end_minute = (int(number) for number in found.groups())
    first, end = first_hour * 60 + first_minute, end_hour * 60 + end_minute
    if max(first_minute, end_minute) >= 60 or first >= 1440 or end > 1440 or first == end:  # noqa: PLR2004 - of a day
        raise place.fault("must be hours of the day", 'write "08:00-18:00", or "22:00-06:00" over midnight')
    return first, end
