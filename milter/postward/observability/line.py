# SPDX-License-Identifier: GPL-3.0-or-later
"""One event as one line that is never too long: what both formats have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postward.observability.event import FieldValue

if TYPE_CHECKING:
    from postward.observability.event import Event

Encode = Callable[[str, FieldValue], str]
"""Encodes one key with its value."""


def timestamp(time_s: float) -> str:
    """Return Unix time as RFC 3339 in UTC with milliseconds."""
    return datetime.fromtimestamp(time_s, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def head_fields(event: Event, *, timed: bool) -> dict[str, FieldValue]:
    """Return what stands first on every line."""
    level = event.level.name.lower()
    if timed:
        return {"ts": timestamp(event.time_s), "level": level, "event": event.name}
    return {"level": level, "event": event.name}


def fitting_parts(event: Event, encode: Encode, *, timed: bool, max_bytes: int) -> list[str]:
    """Return the encoded fields that fit into ``max_bytes``, each counted with one octet between it and the next.

    A field that does not fit is left out whole, so that no quote stays open; ``truncated`` then stands last.
    """
    marker = encode("truncated", True)  # noqa: FBT003 - a field's value
    parts = [encode(key, value) for key, value in head_fields(event, timed=timed).items()]
    left = max_bytes - sum(_size(part) for part in parts) - _size(marker)
    for key, value in event.fields.items():
        if value is not None:
            part = encode(key, value)
            if _size(part) <= left:
                left -= _size(part)
                parts.append(part)
    return [*parts, marker]


def _size(part: str) -> int:
    return len(part.encode()) + 1
