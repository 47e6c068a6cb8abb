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


def fitting_parts(event: Event, encode: Encode, *, timed: bool, max_bytes: int) -> list[str]:
    """Return the encoded fields that fit into ``max_bytes``, each counted with one octet between it and the next.

    A field that does not fit is left out whole, so that no quote stays open; ``truncated`` then stands last.
    """
    marker = encode("truncated", True)  # noqa: FBT003 - a field's value
    parts = _head(event, encode, timed=timed)
    left = max_bytes - sum(_size(part) for part in parts) - _size(marker)
    cut = False
    for key, value in event.fields.items():
        if value is None:
            continue
        part = encode(key, value)
        size = _size(part)
        if size > left:
            cut = True
            continue
        left -= size
        parts.append(part)
    return [*parts, marker] if cut else parts


def _head(event: Event, encode: Encode, *, timed: bool) -> list[str]:
    head = [encode("ts", timestamp(event.time_s))] if timed else []
    return [*head, encode("level", event.level.name.lower()), encode("event", event.name)]


def _size(part: str) -> int:
    return len(part.encode()) + 1
