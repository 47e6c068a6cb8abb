# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a configuration file: bounded, and as UTF-8 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES = 1_048_576


def read_text(path: Path) -> str:
    """The text of ``path``; raises ConfigError where it cannot be read, is too long or is not UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(str(path), 0, "", f"cannot be read: {error.strerror}", _hint(error)) from error
    if len(data) > MAX_FILE_BYTES:
        raise ConfigError(str(path), 0, "", f"is longer than {MAX_FILE_BYTES} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(str(path), line, "", "is not UTF-8", "save the file as UTF-8") from error


def _hint(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "name an existing file with --config or --dns"
        case PermissionError():
            return "run as the user of the service or as root"
        case _:
            return ""
