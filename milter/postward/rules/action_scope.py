# SPDX-License-Identifier: GPL-3.0-or-later
"""Which actions concern single recipients, and what becomes of the others for whom a rule did not match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model import rule_action as act
from postward.model.rule_action import Quarantine

if TYPE_CHECKING:
    from postward.model.rule_action import RuleAction
    from postward.rules.matching import Match
    from postward.rules.rule import Rule

_WHOLE = (
    act.Reject, act.Defer, act.Junk, act.AddHeader, act.SetHeader, act.RemoveHeader, act.PrefixSubject,
    act.ChangeSender, act.Route, act.AddScore, act.SetScore, act.BypassSpam, act.StripAttachment,
)  # fmt: skip
WHOLE_MESSAGE_KINDS = frozenset({
    "reject", "defer", "junk", "add_header", "set_header", "remove_header", "prefix_subject", "change_sender", "route",
    "score", "set_score", "bypass_spam", "strip_attachment",
})  # fmt: skip
"""By name; quarantine too, where it is the MTA's hold queue."""
_DROPPING = (act.Discard, act.Redirect, act.Moderate)


def is_whole_message(action: RuleAction) -> bool:
    """Whether an action can only be taken for all recipients together once the message has come."""
    return isinstance(action, _WHOLE) or (isinstance(action, Quarantine) and not action.own_store)


def may_take(rule: Rule, action: RuleAction, found: Match, recipients: tuple[str, ...]) -> str:
    """Say why an action is not taken, in words; "" where it is.

    By the rule's ``whole_message``: ``all`` only where it matched for all recipients; ``any``, ``split`` (whose message
    has been split while its recipients came, or could not be) and a rule that says nothing also where it did not.
    """
    if is_whole_message(action) and found.is_partial and rule.whole_message == "all":
        return "it concerns the whole message, and the rule did not match for all recipients"
    drops = isinstance(action, _DROPPING) or (isinstance(action, Quarantine) and action.own_store)
    if drops and not recipients:
        return "there is no recipient whom it could be for"
    return ""
