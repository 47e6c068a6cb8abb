# SPDX-License-Identifier: GPL-3.0-or-later
"""Take one action on the working copy, or say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.mime.replace import with_parts_replaced
from postward.model import rule_action as act
from postward.model.action import Reply
from postward.model.header import HeaderField
from postward.model.rule_outcome import Deposit, DepositKind
from postward.rules.envelope_editing import add_recipient, change_sender, is_address, redirect
from postward.rules.header_editing import add_header, prefix_subject, remove_header, set_header
from postward.rules.message.content import TOO_LARGE
from postward.rules.patterns.re2_adapter import PatternError, is_found
from postward.rules.working_copy import Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from postward.model.rule_action import RuleAction
    from postward.rules.working_copy import WorkingCopy

_NOTIFIED_ROLES = frozenset({"sender", "recipient", "admin"})
_FIRST_5XX = 500
_MAX_TAG_CHARS = 100
_MOST_POINTS = 1_000_000.0
"""A plugin may ask for more; sums of such could not be told."""


class Taker:
    """Takes actions for one message; ``route_objection`` says why a message cannot take a route, "" where it can."""

    def __init__(self, copy: WorkingCopy, route_objection: Callable[[str, WorkingCopy], str]) -> None:
        self._copy = copy
        self._route_objection = route_objection

    def take(self, rule: str, action: RuleAction, recipients: tuple[str, ...]) -> str:  # noqa: PLR0911, C901 - one line a kind
        """Take an action in the name of a rule; returns why not, in words, or ""."""
        copy = self._copy
        match action:
            case act.Reject() | act.Defer():
                return self._refuse(rule, action)
            case act.AddHeader():
                return add_header(copy, action)
            case act.SetHeader():
                return set_header(copy, action)
            case act.RemoveHeader():
                return self._remove(action)
            case act.PrefixSubject():
                return prefix_subject(copy, action)
            case act.AddRecipient():
                return add_recipient(copy, action)
            case act.Redirect():
                return redirect(copy, action, recipients)
            case act.ChangeSender():
                return change_sender(copy, action)
            case act.StripAttachment():
                return self._strip(action)
            case act.Route():
                return self._route(action)
            case _:
                return self._mark(rule, action) or self._keep(rule, action, recipients)

    def _mark(self, rule: str, action: RuleAction) -> str:
        """Take what changes no octet of the message."""
        copy = self._copy
        match action:
            case act.Junk():
                copy.junk = True
            case act.BypassSpam():
                copy.bypasses_spam = True
            case act.AddScore(points=points):
                if not abs(points) <= _MOST_POINTS:
                    return "that is no number of points"
                copy.add_points(rule, points)
            case act.SetScore(points=points):
                if not abs(points) <= _MOST_POINTS:
                    return "that is no number of points"
                copy.add_points(rule, points - copy.score)
            case act.Tag(name=name):
                if not name or len(name) > _MAX_TAG_CHARS:
                    return "that is no name of a tag"
                copy.add_tag(name)
            case _:
                pass
        return ""

    def _keep(self, rule: str, action: RuleAction, recipients: tuple[str, ...]) -> str:
        """Take what keeps the message back, or a copy of it."""
        copy = self._copy
        match action:
            case act.Discard():
                copy.drop(recipients, "discard")
                copy.decided_by = copy.decided_by or rule
            case act.Quarantine(own_store=False):
                copy.hold_reason = copy.hold_reason or action.reason or f"rule {rule}"
                copy.decided_by = copy.decided_by or rule
            case act.Quarantine():
                self._deposit(DepositKind.QUARANTINE, rule, action, recipients)
                copy.drop(recipients, "quarantine")
                copy.decided_by = copy.decided_by or rule
            case act.Moderate():
                if not action.by or not all(is_address(address) for address in action.by):
                    return "nobody is named who could decide"
                self._deposit(DepositKind.MODERATE, rule, action, recipients)
                copy.drop(recipients, "moderate")
                copy.decided_by = copy.decided_by or rule
            case act.Archive():
                self._deposit(DepositKind.ARCHIVE, rule, action, recipients)
            case act.Notify():
                if not action.to or not all(to in _NOTIFIED_ROLES or is_address(to) for to in action.to):
                    return "nobody is named who could be told"
                self._deposit(DepositKind.NOTIFY, rule, action, recipients)
            case _:
                pass
        return ""

    def _deposit(self, kind: DepositKind, rule: str, action: RuleAction, recipients: tuple[str, ...]) -> None:
        self._copy.deposits.append(Deposit(kind=kind, rule=rule, action=action, recipients=recipients))

    def _refuse(self, rule: str, action: act.Reject | act.Defer) -> str:
        """Refuse the message; a refusal for good counts more than one for now, and else the first counts."""
        copy = self._copy
        reply = Reply(code=action.code, enhanced=action.enhanced, text=action.text)
        is_harsher = copy.reply is None or (copy.reply.code < _FIRST_5XX <= reply.code)
        if is_harsher:
            copy.reply = reply
            copy.decided_by = rule
        return ""

    def _route(self, action: act.Route) -> str:
        objection = self.route_objection(action.name)
        if objection:
            return objection
        if self._copy.route and self._copy.route != action.name:
            return f"the message goes by {self._copy.route} already"
        self._copy.route = action.name
        return ""

    def route_objection(self, name: str) -> str:
        """Say why the message, with the recipients that it has now, cannot take a route; "" where it can."""
        try:
            return self._route_objection(name, self._copy)
        except TemporaryFailure as error:
            return str(error)

    def _remove(self, action: act.RemoveHeader) -> str:
        try:
            return remove_header(self._copy, action, is_found)
        except PatternError as error:
            # Only a plugin can write this.
            return f"when_matches {error}"

    def _strip(self, action: act.StripAttachment) -> str:
        copy, content = self._copy, self._copy.message.content
        if content.is_too_large:
            return TOO_LARGE
        known = {part.path for part in content.parts}
        paths = [path for path in action.paths if path in known]
        if not paths:
            return "there is no such part"
        change = with_parts_replaced(content.mime, dict.fromkeys(paths, action.notice))
        self._change_structure(change.header)
        copy.replace_body(change.body)
        return ""

    def _change_structure(self, changes: Mapping[str, str]) -> None:
        """Give the header of a message that is one part, and has become another, what now describes it."""
        for name, value in changes.items():
            key = name.lower().encode("ascii")
            kept = [slot for slot in self._copy.slots if slot.field.key != key]
            field = HeaderField(name.encode("ascii"), b" " + value.encode("ascii", "replace"))
            self._copy.slots = [*kept, Slot(field, None)] if value else kept
        if changes:
            self._copy.fields_changed()
