# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a rule matches a message, or does not: every condition asked, whatever the first of them have decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.rules.conditions.base import Finding, Subject
from postward.rules.errors import RuleFailure
from postward.rules.matching import match
from postward.rules.rule import Rule
from postward.rules.rule_directions import DIRECTIONS
from postward.rules.rule_set import RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from postward.model.rule_action import RuleAction
    from postward.model.rule_outcome import RuleOutcome
    from postward.rules.message.message import Message
    from postward.rules.message.views import RecipientView
    from postward.rules.plugin_caller import PluginCaller
    from postward.rules.services import RuleServices

_PROBE = "\0"
"""Before the id of a rule; no plugin can be called so."""
_EVERY_WAY = frozenset((*DIRECTIONS, "any"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the conditions find for one recipient, or for the message as a whole."""

    recipient: str = ""
    """"" for the whole message."""
    findings: tuple[Finding, ...] = ()
    """The preconditions, then ``when``, then ``unless``; nothing is asked behind a precondition that does not hold."""
    error: str = ""
    """Why that cannot be found out; the rule takes its ``on_error`` then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Of one rule on one message."""

    rule: Rule
    matched: bool
    error: str = ""
    """Why it could not be evaluated."""
    is_asked: bool = True
    """False where a rule before it has refused the message, or stopped."""
    answered: tuple[Answered, ...] = ()


def messages_before(
    rule_set: RuleSet,
    plugins: PluginCaller,
    evaluate: Callable[[RuleSet, PluginCaller], RuleOutcome],
) -> Mapping[str, Message]:
    """Give the message as each rule of the last stage sees it, by the rule's id.

    A rule that is not there is not asked: one before it has refused the message, or stopped.  ``evaluate`` evaluates a
    message with the rules and plugins that it is given, once.
    """
    probe = _Probe(plugins)
    rules = [*rule_set.at_recipient]
    for rule in rule_set.at_end:
        name = f"{_PROBE}{rule.id}"
        watching = Rule(id=name, directions=_EVERY_WAY, priority=rule.priority, include_bounces=True, plugin=name)
        rules += (watching, rule)
    evaluate(RuleSet(rules), probe)
    return probe.seen


class _Probe:
    """Takes the place of the plugins, and notes what message it is shown."""

    def __init__(self, plugins: PluginCaller) -> None:
        self.seen: dict[str, Message] = {}
        self._plugins = plugins

    def run(
        self,
        name: str,
        message: Message,
        settings: Mapping[str, object],
        *,
        timeout_s: float,
        services: RuleServices,
    ) -> tuple[RuleAction, ...]:
        if not name.startswith(_PROBE):
            return self._plugins.run(name, message, settings, timeout_s=timeout_s, services=services)
        self.seen[name.removeprefix(_PROBE)] = message
        return ()


def explain(rule: Rule, message: Message, services: RuleServices) -> Explanation:
    """Ask a rule everything; never raises for what cannot be found out."""
    answered = tuple(_answered(rule, message, services))
    if any(not finding.matched for finding in _standing(rule, message)):
        return Explanation(rule=rule, matched=False, answered=answered)
    try:
        found = match(rule, message, message.recipients, services, lambda view: replace(message, recipient=view))
    except (RuleFailure, TemporaryFailure) as error:
        return Explanation(rule=rule, matched=False, error=str(error), answered=answered)
    return Explanation(rule=rule, matched=found is not None, answered=answered)


def _answered(rule: Rule, message: Message, services: RuleServices) -> Iterator[Answered]:
    standing = _standing(rule, message)
    if any(not finding.matched for finding in standing):
        yield Answered(findings=standing)
        return
    fitting = [view for view in message.recipients if _direction(rule, view.direction).matched]
    if rule.is_per_recipient and message.recipients:
        for view in message.recipients:
            one = replace(message, recipient=view)
            yield _asked(rule, one, services, (*standing, _direction(rule, view.direction)), view)
        return
    direction = _direction(rule, fitting[0].direction if fitting else message.direction)
    yield _asked(rule, message, services, (*standing, direction), None)


def _asked(
    rule: Rule, message: Message, services: RuleServices, before: tuple[Finding, ...], view: RecipientView | None
) -> Answered:
    address = view.address if view is not None else ""
    if not before[-1].matched:
        return Answered(recipient=address, findings=before)
    subject = Subject(message=message, services=services, is_thorough=True)
    findings = list(before)
    try:
        findings.append(_named("when", rule.condition.test(subject)))
        if rule.unless is not None:
            findings.append(_exception(rule.unless.test(subject)))
    except (RuleFailure, TemporaryFailure) as error:
        return Answered(recipient=address, findings=tuple(findings), error=str(error))
    return Answered(recipient=address, findings=tuple(findings))


def _standing(rule: Rule, message: Message) -> tuple[Finding, ...]:
    """What is asked before any condition, and says something."""
    findings = []
    if rule.active is not None:
        is_active = rule.is_active(message.now_s)
        findings.append(Finding(matched=is_active, asked="active", seen="in force" if is_active else "not in force"))
    if message.sender.is_null and not rule.include_bounces:
        findings.append(Finding(matched=False, asked="include_bounces", seen="the sender is the null path"))
    return tuple(findings)


def _direction(rule: Rule, direction: str) -> Finding:
    asked = f"direction {'any' if 'any' in rule.directions else ', '.join(sorted(rule.directions))}"
    return Finding(matched="any" in rule.directions or direction in rule.directions, asked=asked, seen=direction)


def _named(name: str, finding: Finding) -> Finding:
    return Finding(matched=finding.matched, asked=name, children=(finding,))


def _exception(finding: Finding) -> Finding:
    """An exception speaks for the rule where it does not hold."""
    return Finding(matched=not finding.matched, asked="unless", children=(finding,))
