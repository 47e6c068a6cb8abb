# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of ``rules explain --json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from postward.rules.conditions.base import Finding
    from postward.rules.explaining import Explanation


def explanation_report(explanation: Explanation) -> dict[str, Any]:
    """Tell it; text from outside stands unescaped in its values."""
    rule = explanation.rule
    return {
        "id": rule.id,
        "where": rule.where,
        "mode": rule.mode.value,
        "is_asked": explanation.is_asked,
        "matched": explanation.matched,
        "plugin": rule.plugin or None,
        "error": explanation.error,
        "asked": [
            {
                "recipient": answered.recipient or None,
                "error": answered.error,
                "findings": [_finding(finding) for finding in answered.findings],
            }
            for answered in explanation.answered
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "asked": finding.asked,
        "seen": finding.seen,
        "matched": finding.matched,
        "captures": dict(finding.captures),
        "children": [_finding(child) for child in finding.children],
    }
