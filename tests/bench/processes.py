# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU and memory of a program with all its processes, and how busy the machine is besides; from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU."""

    user_s: float = 0.0
    system_s: float = 0.0

    @property
    def total_s(self) -> float:
        """Both together."""
        return self.user_s + self.system_s

    def __add__(self, other: Cpu) -> Cpu:
        return Cpu(self.user_s + other.user_s, self.system_s + other.system_s)

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.user_s - other.user_s, self.system_s - other.system_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStat:
    """What /proc/PID/stat says of one process."""

    pid: int
    parent: int
    session: int
    cpu: Cpu
    """Of its own threads, and of its children that have ended and were waited for."""


def parse_stat(text: str) -> ProcessStat:
    """Read one /proc/PID/stat; the program's name in it may hold any character."""
    pid, _, rest = text.partition(" ")
    fields = rest[rest.rindex(")") + 2 :].split()
    # proc(5) counts from 1, and `fields` begins with the third: 4 ppid, 6 session, 14 to 17 the four times.
    user, system, children_user, children_system = (int(field) / _TICKS_PER_S for field in fields[11:15])
    cpu = Cpu(user + children_user, system + children_system)
    return ProcessStat(pid=int(pid), parent=int(fields[1]), session=int(fields[3]), cpu=cpu)


def members(root: int, processes: list[ProcessStat]) -> list[ProcessStat]:
    """Return the process ``root``, its descendants, and all that live in its session."""
    found: dict[int, ProcessStat] = {}
    by_parent: dict[int, list[ProcessStat]] = {}
    for process in processes:
        by_parent.setdefault(process.parent, []).append(process)
    pending = [process for process in processes if root in {process.pid, process.session}]
    while pending:
        process = pending.pop()
        if process.pid not in found:
            found[process.pid] = process
            pending.extend(by_parent.get(process.pid, []))
    return list(found.values())


def all_processes() -> list[ProcessStat]:
    """Return all processes that exist now."""
    found = []
    for path in _PROC.glob("[0-9]*/stat"):
        try:
            found.append(parse_stat(path.read_text(errors="replace")))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def cpu(roots: tuple[int, ...]) -> Cpu:
    """Return what the programs have used so far, all processes together."""
    processes = all_processes()
    return sum((process.cpu for root in roots for process in members(root, processes)), Cpu())


def pids(roots: tuple[int, ...]) -> list[int]:
    """Return all processes of the programs."""
    processes = all_processes()
    return [process.pid for root in roots for process in members(root, processes)]


def pss_bytes(roots: tuple[int, ...]) -> dict[int, int]:
    """Proportional set size of each process of the programs: a page that n processes share counts 1/n."""
    processes = all_processes()
    return {process.pid: _rollup(process.pid, "Pss") for root in roots for process in members(root, processes)}


def resident_bytes(pid: int) -> int:
    """Return the resident set of one process."""
    return _kilobytes((_PROC / str(pid) / "status").read_text(), "VmRSS")


def peak_resident_bytes(pid: int) -> int:
    """Return the largest resident set that the process has had since ``forget_peak``."""
    return _kilobytes((_PROC / str(pid) / "status").read_text(), "VmHWM")


def forget_peak(pid: int) -> None:
    """Begin anew to watch for the largest resident set; see proc(5), clear_refs."""
    (_PROC / str(pid) / "clear_refs").write_text("5")


def machine_cpu_s() -> float:
    """Seconds of CPU that all processes of the machine have used since it started, all cores together."""
    user, nice, system, _idle, _wait, interrupt, soft = (_PROC / "stat").read_text().split()[1:8]
    return sum(map(int, (user, nice, system, interrupt, soft))) / _TICKS_PER_S


def _rollup(pid: int, name: str) -> int:
    try:
        return _kilobytes((_PROC / str(pid) / "smaps_rollup").read_text(), name)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _kilobytes(text: str, name: str) -> int:
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0]) * 1024
    return 0
