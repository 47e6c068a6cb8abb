# SPDX-License-Identifier: GPL-3.0-or-later
"""One rule that matched, in the form in which ``scan --json`` and ``rules test --json`` tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postward.model.action_words import action_fields

if TYPE_CHECKING:
    from postward.model.rule_outcome import RuleMatch


def rule_report(match: RuleMatch) -> dict[str, Any]:
    """Tell it; text from outside stands unescaped in its values."""
    return {
        "id": match.rule,
        "matched": not match.error,
        "mode": match.mode.value,
        "severity": match.severity,
        "recipients": list(match.recipients),
        "seen": [{"asked": asked, "seen": seen} for asked, seen in match.seen],
        "actions": [action_fields(action) for action in match.taken],
        "refused": [{"action": action_fields(each.action), "reason": each.reason} for each in match.refused],
        "error": match.error,
    }
