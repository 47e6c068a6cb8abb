# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a process: events, each written as one line by a single write."""

from __future__ import annotations

import os
import select
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.observability.event import Event, FieldValue, Level, LineLimits
from postward.observability.json_line import format_json
from postward.observability.logfmt import format_logfmt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class LogFormat(StrEnum):
    """How a line is written."""

    LOGFMT = "logfmt"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What is written, and how."""

    format: LogFormat = LogFormat.LOGFMT
    level: Level = Level.INFO
    limits: LineLimits = field(default_factory=LineLimits)


_PATIENCE_S = 1.0
"""How long a line may wait for a reader that is behind; afterwards none waits until something is read again."""


class Losses:
    """How many lines could not be written, and whether nobody reads; shared by the logs that write to one place."""

    __slots__ = ("is_unread", "lines")

    def __init__(self) -> None:
        self.lines = 0
        self.is_unread = False


class EventLog:
    """Writes events to a file descriptor; safe from every thread, and from forked processes that share it."""

    def __init__(
        self,
        settings: LogSettings | None = None,
        *,
        fd: int = 2,
        journal: bool = False,
        context: Mapping[str, FieldValue] | None = None,
        clock: Callable[[], float] = time.time,
        losses: Losses | None = None,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """``journal``: lines carry journald's priority prefix and no time; ``context``: fields added to every event."""
        self.adopt(settings or LogSettings())
        self._fd = fd
        self._journal = journal
        self._context = dict(context or {})
        self._clock = clock
        self._losses = losses or Losses()
        self._patience_s = patience_s

    def adopt(self, settings: LogSettings) -> None:
        """Write in this form, and of this gravity, from here on."""
        self._settings = settings
        self._format = format_json if settings.format is LogFormat.JSON else format_logfmt

    @property
    def lost(self) -> int:
        """Lines that could not be written, by this log and by those made of it."""
        return self._losses.lines

    def emit(self, event: Event) -> None:
        """Write ``event`` if its level asks for it; never raises: a line that cannot be written is counted."""
        if event.level > self._settings.level:
            return
        text = self._format(event, self._settings.limits, timed=not self._journal)
        prefix = f"<{event.level:d}>" if self._journal else ""
        try:
            is_written = self._write(f"{prefix}{text}\n".encode())
        except (OSError, ValueError):
            # The second where the descriptor is none.
            is_written = False
        if not is_written:
            self._losses.lines += 1

    def _write(self, line: bytes) -> bool:
        """Write unless nobody reads: whoever logs has more to do than to wait for the reader of a log."""
        losses = self._losses
        patience_ms = 0 if losses.is_unread else self._patience_s * 1000
        waiting = select.poll()
        waiting.register(self._fd, select.POLLOUT)
        losses.is_unread = not waiting.poll(patience_ms)
        if losses.is_unread:
            return False
        os.write(self._fd, line)
        return True

    def log(self, level: Level, name: str, fields: Mapping[str, FieldValue]) -> None:
        """Write an event of that name that happens now."""
        self.emit(Event(name=name, level=level, time_s=self._clock(), fields={**fields, **self._context}))

    def debug(self, name: str, /, **fields: FieldValue) -> None:
        """Write what helps to follow the program."""
        self.log(Level.DEBUG, name, fields)

    def info(self, name: str, /, **fields: FieldValue) -> None:
        """Write what happened in the ordinary course."""
        self.log(Level.INFO, name, fields)

    def warning(self, name: str, /, **fields: FieldValue) -> None:
        """Write what an operator should look at."""
        self.log(Level.WARNING, name, fields)

    def error(self, name: str, /, **fields: FieldValue) -> None:
        """Write what keeps Postward from doing its work."""
        self.log(Level.ERROR, name, fields)

    def with_context(self, **fields: FieldValue) -> EventLog:
        """Return a log to the same place that adds ``fields`` to every event."""
        return EventLog(
            self._settings,
            fd=self._fd,
            journal=self._journal,
            context={**self._context, **fields},
            clock=self._clock,
            losses=self._losses,
            patience_s=self._patience_s,
        )


def is_journal_stream(fd: int, environment: Mapping[str, str]) -> bool:
    """Tell whether ``fd`` is the stream that systemd connected to the journal (JOURNAL_STREAM holds its dev:inode)."""
    try:
        status = os.fstat(fd)
    except OSError:
        return False
    return environment.get("JOURNAL_STREAM", "") == f"{status.st_dev}:{status.st_ino}"
