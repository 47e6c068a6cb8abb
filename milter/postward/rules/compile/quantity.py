# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes, times and rates as people write them: 10MB, 60m, 20/1m."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.rules.compile.place import Place

_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?([kmg]?i?b)?", re.ASCII | re.IGNORECASE)
_SIZES = {"": 1, "b": 1, "kb": 1024, "kib": 1024, "mb": 1024**2, "mib": 1024**2, "gb": 1024**3, "gib": 1024**3}
_TIME = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(ms|s|m|h|d|w)", re.ASCII)
_TIMES = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_RATE = re.compile(r"([0-9]{1,9}) ?/ ?([0-9]{0,9} ?(?:s|m|h|d|w))", re.ASCII)
_SHARE = re.compile(r"([0-9]{1,2}) of ([0-9]{1,2})", re.ASCII)


def size(place: Place) -> float:
    """Give octets; a kilobyte has 1024."""
    value = place.scalar
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise place.fault("must be a size", "write a number with KB, MB or GB, such as 10MB")
    return float(found.group(1)) * _SIZES[(found.group(2) or "").lower()]


def duration(place: Place, least_s: float, most_s: float) -> float:
    """Give seconds, within bounds."""
    value = place.scalar
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise place.fault("must be a time", "write a number with s, m, h or d, such as 90s or 2d")
    seconds = float(found.group(1)) * _TIMES[found.group(2)]
    if not least_s <= seconds <= most_s:
        raise place.fault(f"must be from {least_s:g} to {most_s:g} seconds")
    return seconds


def rate(place: Place) -> tuple[int, float]:
    """Give a number of messages, and the seconds in which they come."""
    value = place.scalar
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    window = (
        _TIME.fullmatch(found.group(2) if found.group(2)[:1].isdigit() else f"1{found.group(2)}") if found else None
    )
    if found is None or window is None:
        raise place.fault("must be a rate", "write messages and time, such as 20/1m or 100/h")
    seconds = float(window.group(1)) * _TIMES[window.group(2)]
    if not 1.0 <= seconds <= _TIMES["d"]:
        raise place.fault("must count over a second at least and a day at most")
    return int(found.group(1)), seconds


def share(place: Place) -> tuple[int, int]:
    """Give ``3 of 5`` as two numbers."""
    value = place.scalar
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise place.fault("must be a share", 'write "3 of 5"')
    some, windows = int(found.group(1)), int(found.group(2))
    if not 1 <= some <= windows <= 60:  # noqa: PLR2004 - said in the message
        raise place.fault("must be a share of at most 60 windows", "the first number is the smaller one")
    return some, windows
