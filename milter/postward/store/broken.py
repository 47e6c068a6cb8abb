# SPDX-License-Identifier: GPL-3.0-or-later
"""What redis-py raises where a server, or the way to it, fails."""

from __future__ import annotations

from redis import exceptions

BROKEN = (
    exceptions.RedisError,
    exceptions.RedisClusterException,
    OSError,
    ValueError,
    LookupError,
    RecursionError,
    AttributeError,
    TypeError,
)
"""ValueError, LookupError and RecursionError for a server that sends numbers that are none, too few of them, or lists
in lists in lists; the last two where another thread has cut the connection meanwhile."""
