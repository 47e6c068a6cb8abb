# SPDX-License-Identifier: GPL-3.0-or-later
"""What a set of rules makes of one message, at its recipients and at its end, with nothing done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.model.action_words import action_words
from postward.model.rule_outcome import RuleMode
from postward.rules.at_recipient import RecipientRules
from postward.rules.explaining import Explanation, explain, messages_before
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from postward.model.action import Reply
    from postward.model.rule_outcome import RuleMatch, RuleOutcome
    from postward.rules.evaluation import RuleEvaluation
    from postward.rules.message.message import Message
    from postward.rules.message.views import RecipientView
    from postward.rules.plugin_caller import PluginCaller
    from postward.rules.rule_set import RuleSet
    from postward.rules.services import RuleServices


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Of one message."""

    refused: Mapping[str, Reply]
    """Recipients that are refused while the envelope comes in."""
    recipient_matches: tuple[RuleMatch, ...]
    outcome: RuleOutcome | None
    """Of the whole message; None where no recipient is left."""

    @property
    def matches(self) -> tuple[RuleMatch, ...]:
        """All rules that matched, or failed."""
        return (*self.recipient_matches, *(self.outcome.matches if self.outcome is not None else ()))


class RuleJudge:
    """Judges messages by one set of rules; keeps nothing between them."""

    def __init__(
        self,
        rule_set: RuleSet,
        plugins: PluginCaller,
        services: RuleServices,
        make_evaluation: Callable[[RuleSet, PluginCaller], RuleEvaluation],
    ) -> None:
        self.rule_set = rule_set
        self.services = services
        self._plugins = plugins
        self._at_recipient = RecipientRules(rule_set, plugins)
        self._make_evaluation = make_evaluation
        self._evaluation = make_evaluation(rule_set, plugins)

    def explain(self, message: Message) -> Iterator[Explanation]:
        """Explain each rule on the message as those before it have made it, in the order in which they are asked."""
        for rule in self.rule_set.at_recipient:
            yield explain(rule, message, self.services)
        is_local = message.origin == "local"
        refused = {} if is_local else self._answer(message)[0]
        taken = tuple(view for view in message.recipients if view.address not in refused)
        seen: Mapping[str, Message] = {}
        if taken or not message.recipients:
            seen = messages_before(
                self.rule_set,
                self._plugins,
                lambda rule_set, plugins: self._make_evaluation(rule_set, plugins).evaluate(
                    replace(message, recipients=taken), self.services, recipients_unanswered=is_local
                ),
            )
        for rule in self.rule_set.at_end:
            if rule.id in seen:
                yield explain(rule, seen[rule.id], self.services)
            else:
                yield Explanation(rule=rule, matched=False, is_asked=False)

    def judge(self, message: Message) -> Judgement:
        """Ask the rules in the order in which the milter asks them."""
        if message.origin == "local":
            whole = self._evaluation.evaluate(message, self.services, recipients_unanswered=True)
            return Judgement(refused={}, recipient_matches=(), outcome=whole)
        refused, matches = self._answer(message)
        taken = tuple(view for view in message.recipients if view.address not in refused)
        is_left = taken or not message.recipients
        return Judgement(
            refused=refused,
            recipient_matches=matches,
            outcome=self._evaluation.evaluate(replace(message, recipients=taken), self.services) if is_left else None,
        )

    def _answer(self, message: Message) -> tuple[dict[str, Reply], tuple[RuleMatch, ...]]:
        """Answer one recipient after the other, each beside the first that was taken."""
        envelope = replace(message, stage=Stage.RCPT, client=replace(message.client, origin=None))
        refused: dict[str, Reply] = {}
        matches: list[RuleMatch] = []
        first: tuple[RecipientView, ...] = ()
        for view in message.recipients:
            answer = self._at_recipient.answer(
                replace(envelope, recipients=(*first, view), recipient=view), self.services
            )
            matches.extend(answer.matches)
            if answer.reply is not None:
                refused[view.address] = answer.reply
            else:
                first = first or (view,)
        return refused, tuple(matches)


def effects(judgement: Judgement, message: Message) -> tuple[str, ...]:
    """Say in words what becomes of the message: the same words for the same fate, whichever rule brings it about."""
    return tuple(dict.fromkeys(_effects(judgement, message)))


def _effects(judgement: Judgement, message: Message) -> Iterator[str]:
    for recipient, reply in judgement.refused.items():
        yield f"refuse the recipient {recipient}: {_words(reply)}"
    if judgement.outcome is None:
        return
    refusal = judgement.outcome.result.reply
    if refusal is not None:
        yield f"refuse the message: {_words(refusal)}"
        return
    for match in judgement.outcome.matches:
        if match.mode is RuleMode.ENFORCE:
            whom = f" for {', '.join(match.recipients)}" if len(match.recipients) < len(message.recipients) else ""
            yield from (f"{action_words(action)}{whom}" for action in match.taken)


def _words(reply: Reply) -> str:
    return f"{reply.code} {reply.enhanced} {reply.text}"
