# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate the rules on one message, one after the other; each sees what those before it have made of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.model import rule_action as act
from postward.model.rule_action import kind_of
from postward.model.rule_outcome import RefusedAction, RuleMatch, RuleMode, RuleOutcome
from postward.rules.action_scope import may_take
from postward.rules.errors import RuleFailure
from postward.rules.matching import match, match_for_nobody
from postward.rules.message.content import TOO_LARGE
from postward.rules.settlement import settle
from postward.rules.taking import Taker
from postward.rules.told import told
from postward.rules.working_copy import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.model.rule_action import RuleAction
    from postward.rules.matching import Match
    from postward.rules.message.message import Message
    from postward.rules.message.views import RecipientView
    from postward.rules.plugin_caller import PluginCaller
    from postward.rules.rule import Rule
    from postward.rules.rule_set import RuleSet
    from postward.rules.services import RuleServices

_MUST_BE_TAKEN = frozenset({"quarantine", "moderate", "redirect", "route"})
"""Kinds of action without which a message would go where the rule does not want it."""
_TOO_LATE = "the rules before it have taken the time that there is"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSettings:
    """Bounds of the evaluation of one message."""

    budget_s: float = 20.0


class RuleEvaluation:
    """Evaluates messages against one set of rules; keeps nothing between them."""

    def __init__(
        self,
        rule_set: RuleSet,
        plugins: PluginCaller,
        settings: EvaluationSettings,
        *,
        route_objection: Callable[[str, WorkingCopy], str],
        digest: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``digest``: of all that is in force, where that is more than the rules themselves."""
        self._rules = rule_set
        self._digest = digest or rule_set.digest
        self._plugins = plugins
        self._settings = settings
        self._route_objection = route_objection
        self._monotonic = monotonic

    def evaluate(self, message: Message, services: RuleServices, *, recipients_unanswered: bool = False) -> RuleOutcome:
        """Give what the rules of the last stage make of a whole message.

        ``recipients_unanswered``: those that answer recipients have not been asked, and are now.
        """
        run = _Run(
            message,
            services,
            self._plugins,
            route_objection=self._route_objection,
            monotonic=self._monotonic,
            budget_s=self._settings.budget_s,
        )
        if recipients_unanswered:
            self._answer_recipients(run)
        self._run_all(run)
        run.check_route()
        copy = run.copy
        return RuleOutcome(
            digest=self._digest,
            matches=tuple(run.matches),
            tags=copy.message.tags,
            points=MappingProxyType(dict(copy.points)),
            result=settle(copy),
        )

    def unasked(self, directions: frozenset[str], now_s: float, *, is_bounce: bool) -> RuleMatch | None:
        """Give what becomes of a message that could not be evaluated: the harshest ``on_error`` of its rules.

        None where nothing does.  ``directions``: the ways that it may go, as far as that is known.
        """
        failing = [
            rule
            for rule in self._rules.at_end
            if rule.on_error in _HARSHEST_FIRST
            and rule.mode is RuleMode.ENFORCE
            and (rule.include_bounces or not is_bounce)
            and not rule.directions.isdisjoint(directions)
            and rule.is_active(now_s)
        ]
        if not failing:
            return None
        rule = min(failing, key=lambda rule: _HARSHEST_FIRST.index(rule.on_error))
        return RuleMatch(
            rule=rule.id,
            severity=rule.severity,
            taken=(_ON_ERROR[rule.on_error],),
            error="the message was not evaluated",
        )

    def _answer_recipients(self, run: _Run) -> None:
        for rule in self._rules.at_recipient:
            if run.is_over():
                return
            run.one(rule)
        run.forget_stops()

    def _run_all(self, run: _Run) -> None:
        if run.is_over():
            return
        seen = run.copy.message
        waiting = self._candidates(run.copy, -1)
        while (index := next(waiting, None)) is not None:
            run.one(self._rules.at_end[index])
            if run.is_over():
                return
            if run.copy.message is not seen:
                # What a rule has changed may let others match that could not before.
                seen = run.copy.message
                waiting = self._candidates(run.copy, index)

    def _candidates(self, copy: WorkingCopy, after: int) -> Iterator[int]:
        # One that nobody gets any more still has the ways that it would have gone.
        message = replace(copy.message, recipients=copy.came.recipients) if copy.is_for_nobody else copy.message
        return iter([index for index in self._rules.candidates(message) if index > after])


class _Run:
    """One evaluation."""

    def __init__(
        self,
        message: Message,
        services: RuleServices,
        plugins: PluginCaller,
        *,
        route_objection: Callable[[str, WorkingCopy], str],
        monotonic: Callable[[], float],
        budget_s: float,
    ) -> None:
        self.copy = WorkingCopy(message)
        self.matches: list[RuleMatch] = []
        self._services = services
        self._plugins = plugins
        self._taker = Taker(self.copy, route_objection)
        self._monotonic = monotonic
        self._deadline_s = monotonic() + budget_s
        self._routed_by: Rule | None = None
        self._stopped: set[str] = set()
        self._is_stopped = False

    def is_over(self) -> bool:
        """No rule has anything more to say: the message is refused for good, or all have been stopped at."""
        if self._is_stopped:
            return True
        reply = self.copy.reply
        return reply is not None and reply.code >= 500  # noqa: PLR2004 - RFC 5321 section 4.2.1

    def forget_stops(self) -> None:
        """Begin with other rules: those that answer recipients do not end the ones for the whole message."""
        self._stopped.clear()
        self._is_stopped = False

    def one(self, rule: Rule) -> None:
        """Evaluate a rule, and take its actions."""
        message = self.copy.message
        if not rule.is_active(message.now_s) or (self.copy.came.sender.is_null and not rule.include_bounces):
            return
        started_s = self._monotonic()
        if started_s >= self._deadline_s:
            self.matches.append(self._failed(rule, _TOO_LATE, started_s))
            return
        try:
            found = self._match(rule, message)
            actions = self._actions(rule, found) if found is not None else []
        except (RuleFailure, TemporaryFailure) as error:
            self.matches.append(self._failed(rule, str(error), started_s))
            return
        if found is None or (rule.plugin and not actions):
            return
        self.matches.append(self._taken(rule, found, actions, started_s))
        if rule.stop and rule.mode is RuleMode.ENFORCE:
            self._stop(found)

    def check_route(self) -> None:
        """Look again at the recipients of a message that is routed: rules behind that one may have added some."""
        name, rule = self.copy.route, self._routed_by
        if not name or rule is None:
            return
        objection = self._taker.route_objection(name)
        if objection:
            self.copy.route = ""
            actions = self._take_on_error(rule)
            self.matches.append(
                RuleMatch(
                    rule=rule.id,
                    mode=rule.mode,
                    severity=rule.severity,
                    taken=actions,
                    refused=(RefusedAction(action=act.Route(name=name), reason=objection),),
                )
            )

    def _match(self, rule: Rule, message: Message) -> Match | None:
        if self.copy.is_for_nobody:
            return match_for_nobody(rule, message, self.copy.came.recipients, self._services)
        return match(rule, message, self._recipients(), self._services, self.copy.message_for)

    def _recipients(self) -> list[RecipientView]:
        return [view for view in self.copy.remaining if view.address not in self._stopped]

    def _stop(self, found: Match) -> None:
        self._stopped.update(found.recipients)
        self._is_stopped = not self._recipients()

    def _actions(self, rule: Rule, found: Match) -> list[tuple[RuleAction, tuple[str, ...]]]:
        """Each action once, with those whom it is for."""
        wanted: dict[RuleAction, list[str]] = {}
        for hit in found.hits:
            view = hit.recipient
            addresses = [view.address] if view is not None else list(found.recipients)
            for template in rule.actions:
                wanted.setdefault(template.make(hit.subject, hit.captures), []).extend(addresses)
        if rule.plugin:
            for action in self._call(rule):
                wanted.setdefault(action, list(found.recipients))
        return [(action, self._those(action, addresses, found)) for action, addresses in wanted.items()]

    def _those(self, action: RuleAction, addresses: list[str], found: Match) -> tuple[str, ...]:
        named = getattr(action, "recipients", ())
        allowed = [address for address in named if address in found.recipients] if named else addresses
        return tuple(dict.fromkeys(allowed))

    def _call(self, rule: Rule) -> tuple[RuleAction, ...]:
        left_s = self._deadline_s - self._monotonic()
        timeout_s = min(rule.timeout_s, max(left_s, 0.0))
        return self._plugins.run(
            rule.plugin, self.copy.message, rule.settings, timeout_s=timeout_s, services=self._services
        )

    def _taken(
        self, rule: Rule, found: Match, actions: list[tuple[RuleAction, tuple[str, ...]]], started_s: float
    ) -> RuleMatch:
        taken: list[RuleAction] = []
        refused: list[RefusedAction] = []
        severity = rule.severity
        is_failure = False
        for action, recipients in actions:
            if isinstance(action, act.Audit):
                severity = action.severity
            those = self._not_kept(action, recipients)
            objection = may_take(rule, action, found, those)
            if not objection and rule.mode is RuleMode.ENFORCE:
                objection = self._taker.take(rule.id, action, those)
                is_failure = is_failure or _is_failure(action, objection)
            if not objection and rule.mode is RuleMode.ENFORCE and isinstance(action, act.Route):
                self._routed_by = rule
            if objection:
                refused.append(RefusedAction(action=action, reason=objection))
            else:
                taken.append(action)
        taken.extend(self._answer_for(rule, refused, is_failure=is_failure))
        return RuleMatch(
            rule=rule.id,
            mode=rule.mode,
            severity=severity,
            recipients=found.recipients,
            seen=told(found),
            taken=tuple(taken),
            refused=tuple(refused),
            spent_ms=self._spent_ms(started_s),
        )

    def _not_kept(self, action: RuleAction, recipients: tuple[str, ...]) -> tuple[str, ...]:
        """A message is kept once for a recipient: let go from one place, it would still lie in the other."""
        if not isinstance(action, act.Moderate) and not (isinstance(action, act.Quarantine) and action.own_store):
            return recipients
        kept = self.copy.kept_for
        return tuple(address for address in recipients if address not in kept)

    def _answer_for(self, rule: Rule, refused: list[RefusedAction], *, is_failure: bool) -> tuple[RuleAction, ...]:
        """What cannot be taken may be a failure of its rule: the message must not go the usual way in silence."""
        is_failure = is_failure or any(kind_of(each.action) == "route" for each in refused)
        return self._take_on_error(rule) if is_failure and rule.mode is RuleMode.ENFORCE else ()

    def _failed(self, rule: Rule, error: str, started_s: float) -> RuleMatch:
        actions: tuple[RuleAction, ...] = ()
        if rule.mode is RuleMode.ENFORCE:
            actions = self._take_on_error(rule)
        return RuleMatch(
            rule=rule.id,
            mode=rule.mode,
            severity=rule.severity,
            taken=actions,
            error=error,
            spent_ms=self._spent_ms(started_s),
        )

    def _take_on_error(self, rule: Rule) -> tuple[RuleAction, ...]:
        action = _ON_ERROR.get(rule.on_error)
        if action is None:
            return ()
        if isinstance(action, act.Quarantine):
            action = replace(action, reason=f"rule {rule.id} could not be evaluated")
        self._taker.take(rule.id, action, tuple(view.address for view in self.copy.remaining))
        return (action,)

    def _spent_ms(self, started_s: float) -> float:
        return round((self._monotonic() - started_s) * 1000, 3)


def _is_failure(action: RuleAction, objection: str) -> bool:
    return bool(objection) and (kind_of(action) in _MUST_BE_TAKEN or objection == TOO_LARGE)


_ON_ERROR: dict[str, RuleAction] = {
    "defer": act.Defer(code=451, enhanced="4.3.0", text="Message could not be checked, please try again later"),
    "reject": act.Reject(code=550, enhanced="5.7.1", text="Message could not be checked"),
    "quarantine": act.Quarantine(own_store=False),
}
"""What becomes of a message whose rule could not be evaluated; ignore does nothing."""
_HARSHEST_FIRST = ("reject", "defer", "quarantine")
