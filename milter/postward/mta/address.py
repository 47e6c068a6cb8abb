# SPDX-License-Identifier: GPL-3.0-or-later
"""Where to listen, as it may stand on the command line."""

from __future__ import annotations

from pathlib import Path

from postward.errors import UsageError
from postward.model.milter_socket import MilterSocket, UnixSocket, parse_milter_socket


def parse_listen_address(text: str) -> MilterSocket:
    """Read a milter socket or a bare path; a relative path is made absolute.  Raises UsageError."""
    try:
        address = UnixSocket(path=text) if text.startswith("/") else parse_milter_socket(text)
    except ValueError as error:
        raise UsageError(f"{text!r} {error}: use unix:/path, inet:port@host or inet:host:port") from error
    return UnixSocket(path=str(Path(address.path).absolute())) if isinstance(address, UnixSocket) else address
