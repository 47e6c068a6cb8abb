# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with all its processes: stopped as if it hung, and let go on."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found = [pid]
    for member in found:
        found += parents.get(member, [])
    return found


def hang(pid: int) -> None:
    """Stop them all: connections stay, and nobody answers."""
    members = family(pid)
    for member in members:
        os.kill(member, signal.SIGSTOP)
    # On a busy machine a thread may answer before the signal has come to it.
    while not all(map(_is_stopped, members)):
        time.sleep(0.001)


def _is_stopped(pid: int) -> bool:
    """True where none of its threads runs, or it has ended."""
    try:
        states = [task.read_text().rpartition(")")[2].split()[0] for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return False
    return all(state in "TtZX" for state in states)


def go_on(pid: int) -> None:
    """Let them all go on."""
    for member in family(pid):
        os.kill(member, signal.SIGCONT)
