# SPDX-License-Identifier: GPL-3.0-or-later
"""How events lie in the store: one SQLite table, found by queue id, message id or our own id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1
"""Kept in the file as user_version; a file of another version is set aside."""
CREATE = """
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY, time_s REAL NOT NULL,
    id TEXT, queue_id TEXT, message_id TEXT, line TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS event_id ON event (id);
CREATE INDEX IF NOT EXISTS event_queue_id ON event (queue_id);
CREATE INDEX IF NOT EXISTS event_message_id ON event (message_id);
"""
INSERT = "INSERT INTO event (time_s, id, queue_id, message_id, line) VALUES (?, ?, ?, ?, ?)"
DELETE_BEFORE = """
DELETE FROM event WHERE number < coalesce(
    (SELECT number FROM event WHERE time_s >= :time_s ORDER BY number LIMIT 1), (SELECT max(number) + 1 FROM event))
"""
"""Events come in the order of their time, so the first that is young enough ends the search."""
FIND = """
SELECT line FROM event WHERE number IN (
    SELECT number FROM event WHERE id = :key
    UNION SELECT number FROM event WHERE queue_id = :key
    UNION SELECT number FROM event WHERE message_id = :message_id)
ORDER BY number DESC LIMIT :limit
"""
PART_EVENTS = frozenset({"rule.matched"})
"""Events that tell a part of a message's story: they are found with it."""
FIND_PARTS = "SELECT line FROM event WHERE id = :key ORDER BY number LIMIT :limit"
_FILE_NAME = "events.sqlite3"


def store_path(state_dir: Path) -> Path:
    """Return where the store lies in the state directory."""
    return state_dir / _FILE_NAME


def part_key(own_id: str) -> str:
    """Return what stands in the column ``id`` of an event that tells a part of the message with that id of ours."""
    return f"part of {own_id}"


def bare_message_id(text: str) -> str:
    """Return a Message-ID without white space around it and without its angle brackets."""
    bare = text.strip()
    return bare[1:-1] if bare.startswith("<") and bare.endswith(">") else bare


def read_line(line: str) -> dict[str, Any] | None:
    """Return the fields of a stored event; None where the line is not a JSON object."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
