# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a configuration was refused, as far as it can be said in one message between two processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from postward.observability.escape import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TOLD_BYTES = 64 * 1024
_MAX_FAULT_CHARS = 1_000


def faults_to_tell(faults: Iterable[object]) -> list[str]:
    """Return the faults in words, each cut where it is long, and in place of those that are too many their number."""
    words = [shorten(str(fault), _MAX_FAULT_CHARS) for fault in faults]
    left_bytes = MAX_TOLD_BYTES
    for told, fault in enumerate(words):
        left_bytes -= len(json.dumps(fault)) + 2
        if left_bytes < 0:
            return [*words[:told], f"and {len(words) - told} more"]
    return words
