# SPDX-License-Identifier: GPL-3.0-or-later
"""The one call that libmilter offers and pymilter does not: how long a packet of the MTA may be."""

from __future__ import annotations

import ctypes
from pathlib import Path

MAX_PACKET_BYTES = 2 * 1024 * 1024
"""libmilter's own limit of 65,535 bytes makes it drop a session in which one header field is longer."""

_MAPS = Path("/proc/self/maps")


def loaded_library(maps: str) -> str | None:
    """Return the path of the libmilter that this process has loaded, from the text of /proc/self/maps."""
    for line in maps.splitlines():
        path = line[line.find("/") :] if "/" in line else ""
        if "/libmilter.so" in path:
            return path
    return None


def allow_long_packets() -> bool:
    """Let the MTA send packets of up to MAX_PACKET_BYTES; call before the socket is opened.

    False where this libmilter cannot: then a header field of more than 64 kB ends the session, and the MTA
    does what its milter_default_action says.
    """
    path = loaded_library(_MAPS.read_text())
    if path is None:
        return False
    try:
        function = ctypes.CDLL(path).smfi_setmaxdatasize
    except (OSError, AttributeError):
        return False
    function.argtypes, function.restype = [ctypes.c_size_t], ctypes.c_size_t
    function(MAX_PACKET_BYTES)
    return True
