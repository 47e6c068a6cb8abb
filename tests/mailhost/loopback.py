# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports on loopback that nothing else is about to take."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

HOST = "127.0.0.1"

_LOWEST = 10_000
_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""From which port on the kernel gives ports to outgoing connections, and to which."""


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now.

    They lie below those of outgoing connections, one of which could take a port before its listener does.
    """
    highest = int(_OUTGOING.read_text().split()[0])
    candidates = random.SystemRandom().sample(range(_LOWEST, highest), highest - _LOWEST)
    free = (port for port in candidates if _is_free(port))
    return [next(free) for _ in range(count)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return True
    return False
