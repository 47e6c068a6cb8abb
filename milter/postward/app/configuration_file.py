# SPDX-License-Identifier: GPL-3.0-or-later
"""Which configuration file a command means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.dns_list_zones import list_zones
from postward.app.greylisting import check_greylisting
from postward.app.redis_target import check_redis_section
from postward.app.scoring import scale_of
from postward.config import DEFAULT_PATH, load
from postward.scoring.catalogue import SYMBOLS

if TYPE_CHECKING:
    from pathlib import Path

    from postward.config import Configuration


def configuration_path(given: Path | None, default: Path = DEFAULT_PATH) -> Path | None:
    """The file named, else the installed one, else None: the defaults."""
    if given is not None:
        return given
    return default if default.exists() else None


def configuration_in_force(given: Path | None) -> Configuration:
    """Load it, checked as a whole; raises ConfigErrors."""
    return checked_configuration(configuration_path(given))


def checked_configuration(path: Path | None) -> Configuration:
    """Load that file, or the defaults, likewise."""
    config = load(path, symbols=SYMBOLS)
    scale_of(config)
    check_redis_section(config)
    check_greylisting(config)
    list_zones(config, SYMBOLS)
    return config
