# SPDX-License-Identifier: GPL-3.0-or-later
"""Postward's socket as Postfix sees it, from inside its chroot or from outside."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from postward.config import InetSocket, UnixSocket

if TYPE_CHECKING:
    from postward.app.mta_lines.milter_list import MilterEntry

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to


def relative_path(socket: UnixSocket, queue_directory: Path) -> Path | None:
    """The path below the queue directory; None where the socket lies elsewhere."""
    path = Path(os.path.realpath(socket.path))
    queue = Path(os.path.realpath(queue_directory))
    return path.relative_to(queue) if path.is_relative_to(queue) else None


def postfix_endpoint(socket: UnixSocket | InetSocket, queue_directory: Path) -> str:
    """The socket in Postfix's words; a path in the queue directory is relative, which works with and without chroot."""
    if isinstance(socket, UnixSocket):
        return f"unix:{relative_path(socket, queue_directory) or socket.path}"
    host = _WILDCARDS.get(socket.host, socket.host)
    return f"inet:[{host}]:{socket.port}" if ":" in host else f"inet:{host}:{socket.port}"


def leads_to(entry: MilterEntry, socket: UnixSocket | InetSocket, queue_directory: Path, *, chrooted: bool) -> bool:
    """True where a milter that Postfix is told to ask is Postward."""
    scheme, _, address = entry.endpoint.partition(":")
    if isinstance(socket, UnixSocket):
        if scheme not in {"unix", "local"} or not address:
            return False
        seen = _path_seen(address, queue_directory, chrooted=chrooted)
        return os.path.realpath(seen) == os.path.realpath(socket.path)
    host, _, port = address.rpartition(":")
    return scheme in {"inet", "inet6"} and port == str(socket.port) and _same_host(host.strip("[]"), socket.host)


def _path_seen(address: str, queue_directory: Path, *, chrooted: bool) -> Path:
    """postconf(5): relative paths start at the queue directory, and so do absolute ones in the chroot."""
    path = Path(address)
    if path.is_absolute() and not chrooted:
        return path
    return queue_directory / address.lstrip("/")


def _same_host(one: str, other: str) -> bool:
    return one == other or (is_loopback(one) and (is_loopback(other) or other in _WILDCARDS))


def is_loopback(host: str) -> bool:
    """True for 127.0.0.0/8, ::1 and localhost."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
