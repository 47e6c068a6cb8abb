# SPDX-License-Identifier: GPL-3.0-or-later
"""The log as the configuration wants it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from postward.observability.event import Level
from postward.observability.logger import EventLog, LogFormat, LogSettings, is_journal_stream

if TYPE_CHECKING:
    from postward.config import Configuration

_LEVELS = {"debug": Level.DEBUG, "info": Level.INFO, "warning": Level.WARNING, "error": Level.ERROR}


def configured_log(config: Configuration) -> EventLog:
    """Give the log on standard error in the configured form."""
    return EventLog(log_settings(config), journal=is_journal_stream(sys.stderr.fileno(), os.environ))


def log_settings(config: Configuration) -> LogSettings:
    """Give the configured form of the log."""
    return LogSettings(format=LogFormat(config.log.format), level=_LEVELS[config.log.level])
