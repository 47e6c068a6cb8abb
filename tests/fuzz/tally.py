# SPDX-License-Identifier: GPL-3.0-or-later
"""How much is to be tried, and how much has been."""

from __future__ import annotations

import os
from collections import Counter

VARIABLE = "FUZZ_EXAMPLES"
"""Examples a target, in the environment; each then differs from run to run."""
BOUNDED = 25
"""Examples a target among the tests, the same every time."""

tried: Counter[str] = Counter()
"""How many examples of each target have been tried."""
wanted: dict[str, int] = {}
"""How many there will be."""


def is_long() -> bool:
    """Tell whether this is a run that somebody asked for."""
    return bool(os.environ.get(VARIABLE))


def examples(share: float) -> int:
    """How many examples are that share of all, at least one."""
    return max(1, round(int(os.environ.get(VARIABLE, BOUNDED)) * share))
