# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hosted process may use of the machine."""

from __future__ import annotations

import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLimits:
    """Of each process; what is beyond them fails in the process, as an error of the system."""

    memory_bytes: int = 536_870_912
    """Of its address space."""
    cpu_s: int = 3_600
    """Over its whole life; the deadline of each call is what ends endless loops."""
    open_files: int = 64
    file_bytes: int = 16_777_216
    """Of each file that it writes, and of what it prints."""


def apply_limits(limits: ProcessLimits) -> None:
    """Bind this process and all that it starts, for good; lower limits that it has already stay."""
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        _lower(kind, most)


def forbid_processes() -> None:
    """Let this process start no more processes and threads; root alone is not held by that."""
    _lower(resource.RLIMIT_NPROC, 0)


def _lower(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (bound, bound))
