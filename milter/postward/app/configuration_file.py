"""Which configuration file a command means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.config import DEFAULT_PATH, load
from postward.scoring.weights import DEFAULT_WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

    from postward.config import Configuration


def configuration_path(given: Path | None, default: Path = DEFAULT_PATH) -> Path | None:
    """The file named, else the installed one, else None: the defaults."""
    if given is not None:
        return given
    return default if default.exists() else None


def configuration_in_force(given: Path | None) -> Configuration:
    """Load it, with every symbol that it weighs checked; raises ConfigErrors."""
    return load(configuration_path(given), symbols=DEFAULT_WEIGHTS)
