# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which checks run: by what they require, never by their place in a list."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.checks.base import Check


def in_order(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Sort checks so that each comes after those it requires; a requirement that is switched off is ignored.

    Raises UsageError where they require each other in a circle.
    """
    by_name = {check.name: check for check in checks}
    graph = {name: [r for r in check.requires if r in by_name] for name, check in by_name.items()}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise UsageError(f"checks require each other in a circle: {error.args[1]}") from error
