# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check found, in words for an operator."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    """Postward works, but perhaps not as meant."""
    ERROR = "error"
    """Mail would not be filtered, or something configured does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer."""

    check: str
    """What was looked at: ``dns``, ``socket``, ``postfix.smtpd_milters``; stable, for programs."""
    level: Level
    message: str
    advice: str = ""
    """What to do about it."""


def ok(check: str, message: str) -> Finding:
    """All is well."""
    return Finding(check=check, level=Level.OK, message=message)


def warning(check: str, message: str, advice: str = "") -> Finding:
    """Something may not be as meant."""
    return Finding(check=check, level=Level.WARNING, message=message, advice=advice)


def error(check: str, message: str, advice: str = "") -> Finding:
    """Something does not work."""
    return Finding(check=check, level=Level.ERROR, message=message, advice=advice)
