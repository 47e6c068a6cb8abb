# SPDX-License-Identifier: GPL-3.0-or-later
"""The writing side of the event store: bounded by messages, age and bytes, and never in the way of the collector."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from postward.observability.escape import without_surrogates
from postward.observability.event_schema import (
    CREATE,
    DELETE_BEFORE,
    INSERT,
    PART_EVENTS,
    VERSION,
    bare_message_id,
    part_key,
    read_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.observability.collector_settings import EventStoreSettings
    from postward.observability.logger import EventLog

_FILE_MODE = 0o640
_DIRECTORY_MODE = 0o750
_PAGE_BYTES = 4096
_WAL_BYTES = 8 << 20
_PAUSE_S = 10.0
"""How long nothing is tried after a failure; events of that time are not stored."""
_Row = tuple[float, str | None, str | None, str | None, str]
_UNREADABLE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class EventStore:
    """The one writer of a store.

    No method raises: a disk that is full, a directory that is missing or a file that is damaged is logged and
    counted, and tried again later.  A damaged file is moved aside and a new one begun.
    """

    def __init__(self, settings: EventStoreSettings, log: EventLog) -> None:
        self.settings = settings
        self.failures = 0
        """How often the store could not be written or had to be made anew."""
        self._log = log
        self._path = Path(settings.path)
        self._database: sqlite3.Connection | None = None
        self._quiet_until_s = float("-inf")

    def add(self, lines: Sequence[str], now_s: float) -> None:
        """Store events, each a JSON object, and let the oldest beyond ``max_messages`` go; ``now_s`` is Unix time."""
        rows = [row for line in lines if (row := _row(line, now_s)) is not None]
        if not rows or self._is_quiet(now_s):
            return
        try:
            self._insert(self._opened(), rows)
        except (sqlite3.Error, OSError) as error:
            self._fail(error, now_s)

    def expire(self, now_s: float) -> None:
        """Let go of what is older than ``max_age_s``; to be called every minute or so."""
        if self._is_quiet(now_s):
            return
        try:
            with self._opened() as database:
                database.execute(DELETE_BEFORE, {"time_s": now_s - self.settings.max_age_s})
        except (sqlite3.Error, OSError) as error:
            self._fail(error, now_s)

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _is_quiet(self, now_s: float) -> bool:
        """Tell whether the pause after a failure lasts; a clock that was set back must not prolong it."""
        return 0 < self._quiet_until_s - now_s <= _PAUSE_S

    def _insert(self, database: sqlite3.Connection, rows: list[_Row]) -> None:
        try:
            self._insert_once(database, rows)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            # The bound in bytes, or the disk: a tenth of the events makes room in the file for new ones.
            with database:
                database.execute(
                    "DELETE FROM event WHERE number <= (SELECT min(number) + (count(*) + 9) / 10 FROM event)"
                )
            self._insert_once(database, rows)

    def _insert_once(self, database: sqlite3.Connection, rows: list[_Row]) -> None:
        with database:
            database.executemany(INSERT, rows)
            database.execute(
                "DELETE FROM event WHERE number <= (SELECT max(number) FROM event) - ?", (self.settings.max_messages,)
            )

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.parent.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
            # SQLite would give the file the mode that the umask leaves, and its companions the file's mode.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE))
            self._database = self._prepared(sqlite3.connect(self._path, timeout=0.25))
        return self._database

    def _prepared(self, database: sqlite3.Connection) -> sqlite3.Connection:
        try:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version not in {0, VERSION}:
                raise _OtherVersionError(f"version {version}")
            database.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
            database.execute(f"PRAGMA max_page_count = {max(16, self.settings.max_bytes // _PAGE_BYTES)}")
            database.executescript(CREATE)
            database.execute(f"PRAGMA user_version = {VERSION}")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _fail(self, error: sqlite3.Error | OSError, now_s: float) -> None:
        self.failures += 1
        self.close()
        if isinstance(error, _OtherVersionError) or getattr(error, "sqlite_errorcode", 0) in _UNREADABLE:
            self._log.warning("event_store.set_aside", path=str(self._path), text=str(error))
            if self._set_aside():
                return
        self._quiet_until_s = now_s + _PAUSE_S
        self._log.error("event_store.failed", path=str(self._path), text=str(error), pause_s=_PAUSE_S)

    def _set_aside(self) -> bool:
        """Move the file out of the way, over the one that was moved before, so that at most two are there."""
        try:
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._path.replace(self._path.with_name(self._path.name + ".damaged"))
        except OSError:
            return False
        return True


class _OtherVersionError(sqlite3.DatabaseError):
    """The file was written by another version of Postward."""


def _row(line: str, now_s: float) -> _Row | None:
    fields = read_line(line)
    if fields is None:
        return None
    # JSON can hold half a character, SQLite cannot.
    names = (without_surrogates(str(fields.get(key, ""))) for key in ("id", "qid", "msgid"))
    own_id, queue_id, message_id = names
    if fields.get("event") in PART_EVENTS:
        return now_s, part_key(own_id), None, None, line
    # NULL equals nothing, so that an empty key finds nothing.
    return now_s, own_id or None, queue_id or None, bare_message_id(message_id) or None, line
