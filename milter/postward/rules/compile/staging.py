# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rules can answer a recipient, before the message has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from postward.rules.rule import Rule

_ANSWERS = frozenset({"reject", "defer", "audit"})
_KNOWN = frozenset({Need.CLIENT, Need.ENVELOPE, Need.DIRECTORY, Need.RATE})


def recipient_objection(rule: Rule) -> str:
    """Say why a rule cannot be decided at RCPT, in words; "" where it can."""
    others = sorted(rule.kinds - _ANSWERS)
    late_needs = sorted(rule.plugin_needs - _KNOWN)
    if late_needs:
        return f"the plugin looks at {', '.join(late_needs)}, which comes later"
    if others or not rule.kinds & {"reject", "defer"}:
        return f"only reject and defer can be answered there, and not {others[0] if others else 'audit'}"
    if rule.quantifier != "each":
        return f"recipients: {rule.quantifier} has to wait for all of them"
    if rule.on_error == "quarantine":
        return "on_error: quarantine needs a message"
    for tree in (rule.condition, rule.unless):
        late = next((leaf for leaf in tree.leaves() if leaf.stage > Stage.RCPT), None) if tree is not None else None
        if late is not None:
            return (
                f"it asks for {', '.join(sorted(late.needs)) or 'what earlier rules have done'}, which is known later"
            )
    unknown = sorted(frozenset().union(*(action.needs for action in rule.actions)) - _KNOWN)
    return f"the text names something of {unknown[0]}, which is not known then" if unknown else ""
