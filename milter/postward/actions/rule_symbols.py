# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules add to the score, as symbols."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.model.symbol import Symbol

if TYPE_CHECKING:
    from postward.model.rule_outcome import RuleOutcome

GROUP = "rules"
_MEANING = "a rule of this host counts so"
_OTHER = re.compile(r"[^A-Z0-9]+", re.ASCII)


def rule_symbols(outcome: RuleOutcome) -> tuple[Symbol, ...]:
    """Give one symbol for each rule that changes the score."""
    return tuple(
        Symbol(name=symbol_name(rule), score=points, detail=rule, group=GROUP, meaning=_MEANING)
        for rule, points in outcome.points.items()
        if points
    )


def symbol_name(rule: str) -> str:
    """Name of the symbol by which a rule stands among the others."""
    return f"RULE_{_OTHER.sub('_', rule.upper()).strip('_')}"
