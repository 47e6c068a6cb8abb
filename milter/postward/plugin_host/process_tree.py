# SPDX-License-Identifier: GPL-3.0-or-later
"""Which processes descend from one, as ``/proc`` has it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import defaultdict


def children_by_parent() -> dict[int, list[int]]:
    """Process ids by the id of their parent; empty where there is no ``/proc``."""
    found: dict[int, list[int]] = defaultdict(list)
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):  # noqa: PTH208 - a million names need no objects
            if name.isdigit() and (parent := _parent_of(name)) is not None:
                found[parent].append(int(name))
    return found


def descendants_of(pid: int) -> list[int]:
    """All that descend from a process, those nearest to it first."""
    children = children_by_parent()
    found: list[int] = []
    level = [pid]
    while level:
        level = [child for parent in level for child in children.pop(parent, ())]
        found.extend(level)
    return found


def kill_descendants(pid: int, *, rounds: int = 20) -> None:
    """Kill all that descend from a process.

    They are stopped first, for one that is stopped starts no other; ``rounds`` bounds how often we look for new ones.
    """
    stopped: set[int] = set()
    for _ in range(rounds):
        fresh = [found for found in descendants_of(pid) if found not in stopped]
        if not fresh:
            break
        _signal(fresh, signal.SIGSTOP)
        stopped.update(fresh)
    _signal(descendants_of(pid), signal.SIGKILL)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _parent_of(name: str) -> int | None:
    try:
        with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 - as above
            line = file.read()
    except OSError:
        return None
    # The command's name stands in parentheses, and may hold any octet.
    fields = line[line.rfind(b")") + 2 :].split(b" ", 2)
    return int(fields[1]) if len(fields) > 1 else None
