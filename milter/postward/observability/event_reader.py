# SPDX-License-Identifier: GPL-3.0-or-later
"""The reading side of the event store, beside a collector that may be writing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from postward.errors import TemporaryFailure
from postward.observability.channel import STORED_EVENT_LIMITS
from postward.observability.escape import shorten, without_surrogates
from postward.observability.event_schema import FIND, FIND_PARTS, bare_message_id, part_key, read_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MAX_FOUND = 20
_MAX_PARTS = 200
"""Of one message."""


def find_events(path: Path, key: str) -> list[dict[str, Any]]:
    """Return the stored events of that queue id, Message-ID (with or without ``<>``) or id of ours, newest first.

    Each message is followed by the events that tell a part of it, in their order.  Where there is no such message,
    those of a message with this id of ours are returned, whose recipients were all refused.

    Raises FileNotFoundError where there is no store, PermissionError where it may not be read, and TemporaryFailure
    where it cannot be read for another reason.
    """
    with path.open("rb"):
        pass
    try:
        lines = _lines(f"{path.absolute().as_uri()}?mode=ro", key)
    except sqlite3.OperationalError:
        # After a clean end no -shm file is there, and a reader who may not write to the directory cannot make one;
        # then nobody writes either, which is what "immutable" promises.
        lines = _immutable_lines(path, key)
    except sqlite3.Error as error:
        raise TemporaryFailure(f"{path}: {error}") from error
    return list(_read(lines))


def _immutable_lines(path: Path, key: str) -> list[str]:
    try:
        return _lines(f"{path.absolute().as_uri()}?immutable=1", key)
    except sqlite3.Error as error:
        raise TemporaryFailure(f"{path}: {error}") from error


def _lines(uri: str, key: str) -> list[str]:
    database = sqlite3.connect(uri, uri=True, timeout=2.0)
    try:
        found = _select(database, FIND, _stored(key), _MAX_FOUND, message_id=_stored(bare_message_id(key)))
        lines: list[str] = []
        for line in found:
            own_id = without_surrogates(str((read_line(line) or {}).get("id", "")))
            lines += [line, *_parts(database, own_id)]
        return lines or _parts(database, _stored(key))
    finally:
        database.close()


def _parts(database: sqlite3.Connection, own_id: str) -> list[str]:
    return _select(database, FIND_PARTS, part_key(own_id), _MAX_PARTS)


def _select(database: sqlite3.Connection, query: str, key: str, limit: int, **more: str) -> list[str]:
    return [line for (line,) in database.execute(query, {"key": key, "limit": limit, **more})]


def _read(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    return (fields for line in lines if (fields := read_line(line)) is not None)


def _stored(text: str) -> str:
    """Return ``text`` in the form in which an event's line holds it."""
    return without_surrogates(shorten(text, STORED_EVENT_LIMITS.max_value_chars))
