# SPDX-License-Identifier: GPL-3.0-or-later
"""The Date field: missing, without a time in it, or far from now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.field_time import read_time
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.headers.field_time import FieldTime
    from postward.checks.content.letter import Letter

_DAY_S = 86_400
_MAX_EARLY_S = 7 * _DAY_S
"""A queue gives up after five days (RFC 5321 section 4.5.4.1), and moderators have their weekends."""
_MAX_LATE_S = _DAY_S
"""No time zone, taken wrongly, makes more."""
_MAX_BYTES = 200

MISSING = SymbolDefinition(name="DATE_MISSING", score=0.5, group="headers", meaning="there is no date")
UNREADABLE = SymbolDefinition(
    name="DATE_UNREADABLE", score=0.5, group="headers", meaning="the Date field holds no date that can be read"
)
FUTURE = SymbolDefinition(
    name="DATE_IN_FUTURE", score=1.8, group="headers", meaning="the date is more than a day in the future"
)
PAST = SymbolDefinition(
    name="DATE_IN_PAST", score=1.2, group="headers", meaning="the message was sent more than a week after its date"
)
ZONE = SymbolDefinition(
    name="DATE_ZONE_IMPOSSIBLE", score=2.4, group="headers", meaning="the date has a time zone that does not exist"
)


def _find(letter: Letter) -> Iterator[Finding]:
    field = letter.headers.first(b"date")
    value = b" ".join(field.value[:_MAX_BYTES].split()) if field is not None else b""
    if not value:
        yield Finding(MISSING.name)
        return
    time = read_time(value)
    if time is None:
        yield Finding(UNREADABLE.name, shown(value))
        return
    if not time.zone_is_possible:
        yield Finding(ZONE.name, shown(value))
    yield from _far_off(letter, time)


def _far_off(letter: Letter, time: FieldTime) -> Iterator[Finding]:
    if time.unix_s > letter.now_s + _MAX_LATE_S:
        yield Finding(FUTURE.name, f"{_days(time.unix_s - letter.now_s)} days ahead")
    elif time.unix_s < letter.now_s - _MAX_EARLY_S and not _is_sent_again(letter):
        late_s = _sent_s(letter) - time.unix_s
        if late_s > _MAX_EARLY_S:
            yield Finding(PAST.name, f"{_days(late_s)} days ago")


def _is_sent_again(letter: Letter) -> bool:
    """Somebody has sent on what he got before, whose date remains (RFC 5322 section 3.6.6)."""
    value = letter.field(b"resent-date")
    time = read_time(value) if value else None
    return time is not None and abs(time.unix_s - letter.now_s) <= _MAX_EARLY_S


def _sent_s(letter: Letter) -> float:
    """When the last relay had it, which may have kept it a while; now where none says."""
    value = letter.field(b"received")
    time = read_time(value.rpartition(b";")[2].strip()) if value else None
    return min(time.unix_s, letter.now_s) if time is not None else letter.now_s


def _days(seconds: float) -> int:
    return int(seconds // _DAY_S)


CHECK = ContentCheck(name="date", symbols=(MISSING, UNREADABLE, FUTURE, PAST, ZONE), find=_find)
