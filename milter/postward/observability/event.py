# SPDX-License-Identifier: GPL-3.0-or-later
"""An event: what happened, when, how grave it is, and its particulars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

FieldValue = str | int | float | bool | None | Sequence[str] | Mapping[str, float]
"""None is left out of the line; text may come from outside and is escaped by the format."""


class Level(IntEnum):
    """Severities of RFC 5424 section 6.2.1 that Postward uses; a smaller number is graver."""

    ERROR = 3
    WARNING = 4
    """An operator should look."""
    INFO = 6
    DEBUG = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; ``fields`` keep their order in every format."""

    name: str
    """Dotted, lower case, from docs/log-events.md."""
    level: Level
    time_s: float
    """Wall clock, Unix time."""
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLimits:
    """How long a line and its parts may become; what is beyond is cut, and the line says so."""

    max_value_chars: int = 512
    max_items: int = 64
    max_line_bytes: int = 4096
    """PIPE_BUF on Linux: a longer write to a pipe may be torn apart by one of another process."""
