# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport rules at work: what the pipeline and the desk need of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.pipeline.rule_question import RuleQuestion
    from postward.pipeline.rule_stage import RuleStage


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEngine:
    """All None where there are no rules."""

    stage: RuleStage | None = None
    question: RuleQuestion | None = None
    close: Callable[[], None] = field(default=_nothing)
