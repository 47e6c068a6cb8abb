# SPDX-License-Identifier: GPL-3.0-or-later
"""The symbols of reputation; what each counts comes with each message."""

from __future__ import annotations

from postward.model.symbol import SymbolDefinition

GOOD = SymbolDefinition(
    name="REPUTATION_GOOD",
    score=-2.0,
    group="reputation",
    meaning="those whom it comes from are known for good mail",
)
BAD = SymbolDefinition(
    name="REPUTATION_BAD",
    score=4.0,
    group="reputation",
    meaning="those whom it comes from are known for bad mail",
)
HARD = SymbolDefinition(
    name="REPUTATION_HARD",
    score=4.0,
    group="reputation",
    meaning="those whom it comes from have sent malware, or been complained about",
)
CORRESPONDENT = SymbolDefinition(
    name="CORRESPONDENT",
    score=-1.5,
    group="reputation",
    meaning="each recipient has written to its author before",
)
REPUTATION_SYMBOLS = (GOOD, BAD, HARD, CORRESPONDENT)
