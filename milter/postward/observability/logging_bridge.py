# SPDX-License-Identifier: GPL-3.0-or-later
"""What libraries say through ``logging`` and ``warnings``, brought into our own log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from postward.observability.event import Level

if TYPE_CHECKING:
    from postward.observability.logger import EventLog


class LoggingBridge(logging.Handler):
    """Writes each record as an event ``library.message``; its traceback, if any, as the exception's type and text."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write ``record``; a format that does not fit its arguments is written as it stands."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):
            text = str(record.msg)
        fields = {"logger": record.name, "text": text, "error": _error(record)}
        self._log.log(_level(record.levelno), "library.message", fields)


def install_bridge(log: EventLog) -> None:
    """Send everything that libraries log or warn about to ``log``, instead of wherever it went."""
    root = logging.getLogger()
    root.handlers[:] = [LoggingBridge(log)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)  # noqa: FBT003 - its only argument


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return Level.ERROR
    return Level.WARNING if number >= logging.WARNING else Level.INFO


def _error(record: logging.LogRecord) -> str | None:
    error = record.exc_info[1] if record.exc_info else None
    return f"{type(error).__name__}: {error}" if error is not None else None
