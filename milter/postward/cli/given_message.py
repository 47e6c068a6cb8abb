# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored message that a command is given, and the address of the client that is said to have delivered it."""

from __future__ import annotations

import sys
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from postward.errors import UsageError

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress


def read_message(file: str) -> bytes:
    """Read a message; "-" is standard input.  Raises UsageError."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def client_address(text: str) -> IpAddress | None:
    """Read what stands behind ``--ip``; "" is none.  Raises UsageError."""
    if not text:
        return None
    try:
        return ip_address(text)
    except ValueError as error:
        raise UsageError(f"--ip: {text!r} is no IP address") from error
