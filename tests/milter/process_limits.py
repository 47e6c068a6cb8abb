# SPDX-License-Identifier: GPL-3.0-or-later
"""Take from a running process what it could have of the system, as its owner: even root may not be allowed to."""

from __future__ import annotations

import os
import resource
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.mailhost.unprivileged import GROUP, USER


@contextmanager
def no_more_processes(pid: int):
    """Let every fork of that process, and every new thread, fail; it does not run as root, whom no bound holds."""
    _set_limit(pid, "--nproc=0:")
    yield
    # It had inherited ours.
    soft = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    _set_limit(pid, f"--nproc={'unlimited' if soft == resource.RLIM_INFINITY else soft}:")


def limit_memory(pid: int, more_bytes: int) -> None:
    """Let the process have so much more address space than it has now, and never any more."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    (size,) = (int(line.split()[1]) * 1024 for line in status if line.startswith("VmSize:"))
    _set_limit(pid, f"--as={size + more_bytes}:{size + more_bytes}")


def _set_limit(pid: int, limit: str) -> None:
    identity = {"user": USER, "group": GROUP, "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(["prlimit", "--pid", str(pid), limit], check=True, cwd="/", **identity)
