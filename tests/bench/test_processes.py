# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys

from tests.bench import processes
from tests.bench.processes import Cpu, ProcessStat, cpu, members, parse_stat, pids, pss_bytes

_HALF_SECOND = """
import os, sys, time
if os.fork() == 0:
    while time.process_time() < 0.5:
        pass
    os._exit(0)
os.wait()
print("done", flush=True)
sys.stdin.read()
"""


def stat(pid: int, parent: int, session: int) -> ProcessStat:
    return ProcessStat(pid=pid, parent=parent, session=session, cpu=Cpu(1.0, 0.5))


def test_a_name_may_hold_anything() -> None:
    line = "42 (a) b (c) S 7 42 41 0 -1 4194560 1 2 3 4 100 50 20 5 20 0 1 0 99 0 0"
    parsed = parse_stat(line)
    assert (parsed.pid, parsed.parent, parsed.session) == (42, 7, 41)
    ticks = os.sysconf("SC_CLK_TCK")
    assert parsed.cpu == Cpu(120 / ticks, 55 / ticks)


def test_descendants_and_the_session_belong_to_a_program() -> None:
    child, grandchild = stat(11, 10, 10), stat(12, 11, 12)
    left_behind, stranger = stat(13, 1, 10), stat(20, 1, 20)
    root = stat(10, 1, 10)
    found = members(10, [stranger, grandchild, child, left_behind, root])
    assert {process.pid for process in found} == {10, 11, 12, 13}


def test_a_child_that_has_ended_still_counts() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HALF_SECOND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdout.readline()
        assert 0.45 < cpu((program.pid,)).total_s < 5
        assert pids((program.pid,)) == [program.pid]
        assert pss_bytes((program.pid,))[program.pid] > 1_000_000
        program.stdin.close()


_GROWS_AND_SHRINKS = """
import sys
large = bytearray(50_000_000)
large[::4096] = b"x" * len(large[::4096])
del large
print("done", flush=True)
sys.stdin.read()
"""


def test_peak_memory_begins_anew() -> None:
    # In a program of its own: in this one earlier tests may have left room for it.
    with subprocess.Popen(
        [sys.executable, "-c", _GROWS_AND_SHRINKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == b"done\n"
        peak = processes.peak_resident_bytes(program.pid)
        processes.forget_peak(program.pid)
        now = processes.resident_bytes(program.pid)
        assert now <= processes.peak_resident_bytes(program.pid) < peak - 30_000_000
        program.stdin.close()
