# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules answer to one recipient, while the envelope comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.model import rule_action as act
from postward.model.action import Reply
from postward.model.rule_outcome import RuleMatch, RuleMode
from postward.rules.conditions.base import Subject
from postward.rules.errors import RuleFailure
from postward.rules.matching import match
from postward.rules.told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.rule_action import RuleAction
    from postward.rules.matching import Match
    from postward.rules.message.message import Message
    from postward.rules.plugin_caller import PluginCaller
    from postward.rules.rule import Rule
    from postward.rules.rule_set import RuleSet
    from postward.rules.services import RuleServices

SPLIT = Reply(code=452, enhanced="4.5.3", text="Please send to this recipient in a message of its own")
_ON_ERROR = {
    "defer": Reply(code=451, enhanced="4.3.0", text="Recipient could not be checked, please try again later"),
    "reject": Reply(code=550, enhanced="5.7.1", text="Recipient could not be checked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientAnswer:
    """None takes the recipient."""

    reply: Reply | None = None
    matches: tuple[RuleMatch, ...] = ()


class RecipientRules:
    """Answers recipients by the rules that need nothing but the envelope."""

    def __init__(self, rule_set: RuleSet, plugins: PluginCaller, *, digest: str = "") -> None:
        self.digest = digest or rule_set.digest
        self._rule_set = rule_set
        self._splitting = tuple(
            rule for rule in rule_set.at_end if rule.whole_message == "split" and rule.mode is RuleMode.ENFORCE
        )
        self._plugins = plugins

    @property
    def is_empty(self) -> bool:
        """Nobody is ever refused here."""
        return not self._rule_set.at_recipient and not self._splitting

    def unanswered(self, directions: frozenset[str], now_s: float, *, is_bounce: bool) -> Reply | None:
        """Give the harshest ``on_error`` of the rules that could not be asked; None takes the recipient."""
        replies = [
            _ON_ERROR[rule.on_error]
            for rule in self._rule_set.at_recipient
            if rule.on_error in _ON_ERROR
            and rule.mode is RuleMode.ENFORCE
            and (rule.include_bounces or not is_bounce)
            and not rule.directions.isdisjoint(directions)
            and rule.is_active(now_s)
        ]
        return max(replies, key=lambda reply: reply.code, default=None)

    def answer(self, message: Message, services: RuleServices) -> RecipientAnswer:
        """Answer the recipient that ``message`` looks at; the first rule that refuses counts."""
        matches: list[RuleMatch] = []
        for rule in self._candidates(message):
            if not _is_asked(rule, message):
                continue
            told_of, reply = self._one(rule, message, services)
            if told_of is not None:
                matches.append(told_of)
            if reply is not None:
                return RecipientAnswer(reply=reply, matches=tuple(matches))
            if told_of is not None and rule.stop and rule.mode is RuleMode.ENFORCE:
                break
        reply = self._split(message, services)
        return RecipientAnswer(reply=reply, matches=tuple(matches))

    def _candidates(self, message: Message) -> Iterator[Rule]:
        rules = self._rule_set.at_recipient
        return (rules[index] for index in self._rule_set.recipient_candidates(message)) if rules else iter(())

    def _one(self, rule: Rule, message: Message, services: RuleServices) -> tuple[RuleMatch | None, Reply | None]:
        recipient = message.recipient
        assert recipient is not None  # noqa: S101 - this stage has one
        try:
            found = match(rule, message, (recipient,), services, lambda _view: message)
            actions = self._actions(rule, message, found, services) if found is not None else ()
        except (RuleFailure, TemporaryFailure) as error:
            reply = _ON_ERROR.get(rule.on_error) if rule.mode is RuleMode.ENFORCE else None
            told_of = RuleMatch(
                rule=rule.id, mode=rule.mode, severity=rule.severity, recipients=(recipient.address,), error=str(error)
            )
            return told_of, reply
        if found is None or (rule.plugin and not actions):
            return None, None
        told_of = RuleMatch(
            rule=rule.id,
            mode=rule.mode,
            severity=_severity(rule, actions),
            recipients=(recipient.address,),
            seen=told(found),
            taken=actions,
        )
        return told_of, _reply(actions) if rule.mode is RuleMode.ENFORCE else None

    def _actions(self, rule: Rule, message: Message, found: Match, services: RuleServices) -> tuple[RuleAction, ...]:
        made = [template.make(hit.subject, hit.captures) for hit in found.hits[:1] for template in rule.actions]
        if rule.plugin:
            called = self._plugins.run(rule.plugin, message, rule.settings, timeout_s=rule.timeout_s, services=services)
            made.extend(called)
        return tuple(made)

    def _split(self, message: Message, services: RuleServices) -> Reply | None:
        """Have a recipient sent to apart for whom the rules would do other things than for the first one."""
        first, current = message.recipients[0], message.recipient
        splitting = [rule for rule in self._splitting if _is_asked(rule, message)]
        if not splitting or current is None or first.address == current.address:
            return None
        other = replace(message, recipient=first)
        try:
            differs = any(_side(rule, message, services) != _side(rule, other, services) for rule in splitting)
        except (RuleFailure, TemporaryFailure):
            # Better apart than together for what one of them does not want.
            differs = True
        return SPLIT if differs else None


def _is_asked(rule: Rule, message: Message) -> bool:
    return rule.is_active(message.now_s) and (rule.include_bounces or not message.sender.is_null)


def _side(rule: Rule, message: Message, services: RuleServices) -> object:
    """What a rule sees of one recipient: recipients of whom it sees the same may come together."""
    assert message.recipient is not None  # noqa: S101 - see above
    if message.recipient.direction not in rule.directions:
        return None
    subject = Subject(message=message, services=services)
    hosted = services.directory.is_hosted(message.recipient.domain) if rule.routes else None
    return (hosted, *(leaf.test(subject).matched for leaf in rule.recipient_conditions))


def _severity(rule: Rule, actions: tuple[RuleAction, ...]) -> str:
    audits = [action.severity for action in actions if isinstance(action, act.Audit)]
    return audits[-1] if audits else rule.severity


def _reply(actions: tuple[RuleAction, ...]) -> Reply | None:
    refusals = [action for action in actions if isinstance(action, act.Reject | act.Defer)]
    if not refusals:
        return None
    harshest = max(refusals, key=lambda action: action.code >= 500)  # noqa: PLR2004 - RFC 5321 section 4.2.1
    return Reply(code=harshest.code, enhanced=harshest.enhanced, text=harshest.text)
