# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests that stand beside rules: each rule by itself, on a message from a file."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.model.action_words import action_words
from postward.model.profile import Profile
from postward.model.rule_action import kind_of
from postward.model.rule_outcome import RuleMode
from postward.rules.at_recipient import RecipientRules
from postward.rules.counted_here import CountedHere
from postward.rules.errors import RuleFailure
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.given_results import given_results
from postward.rules.message.stored import message_from
from postward.rules.rule_set import RuleSet
from postward.rules.services import RuleServices
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from postward.model.action import Reply
    from postward.model.rule_outcome import RuleMatch
    from postward.rules.message.message import Message
    from postward.rules.plugin_caller import PluginCaller
    from postward.rules.rule import Rule
    from postward.rules.rule_test import RuleTest
    from postward.rules.working_copy import WorkingCopy

MAX_MESSAGE_BYTES = 64 << 20
NOBODY = "nobody@invalid"
_SECRET = b"for marks in messages of tests alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTestOutcome:
    """What came of one test."""

    rule: str
    test: RuleTest
    problems: tuple[str, ...] = ()
    """What is not as expected, in words; none where the test has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    matches: tuple[RuleMatch, ...]
    replies: tuple[Reply, ...]


def run_tests(
    rules: Iterable[Rule],
    plugins: PluginCaller,
    *,
    route_objection: Callable[[str, WorkingCopy], str] = lambda _name, _copy: "",
    clock: Callable[[], float] = time.time,
) -> Iterator[RuleTestOutcome]:
    """Run the tests of each rule by itself, as if it were in force: audit mode and the dates do not count.

    A test that says when it is has the dates count.
    """
    for rule in rules:
        for test in rule.tests:
            yield _Runner(plugins, route_objection, clock).run(rule, test)


class _Runner:
    def __init__(
        self,
        plugins: PluginCaller,
        route_objection: Callable[[str, WorkingCopy], str],
        clock: Callable[[], float],
    ) -> None:
        self._plugins = plugins
        self._route_objection = route_objection
        self._clock = clock

    def run(self, rule: Rule, test: RuleTest) -> RuleTestOutcome:
        try:
            message = self._message(test)
        except (OSError, ValueError, RuleFailure) as error:
            return RuleTestOutcome(rule=rule.id, test=test, problems=(_cause(error),))
        acting = replace(rule, mode=RuleMode.ENFORCE, active=rule.active if test.at_s is not None else None)
        services = RuleServices(directory=message.directory, rates=CountedHere(), secret=_SECRET)
        ask = self._at_recipient if rule.stage < Stage.END else self._at_end
        return RuleTestOutcome(rule=rule.id, test=test, problems=tuple(_problems(test, ask(acting, message, services))))

    def _message(self, test: RuleTest) -> Message:
        content = test.message.encode("utf-8", "surrogateescape") if test.eml is None else read_message(test.eml)
        message = message_from(
            content,
            mail_from=_author(content)
            if test.mail_from is None
            else test.mail_from.removeprefix("<").removesuffix(">"),
            recipients=test.recipients,
            ip=test.ip,
            helo=test.helo,
            user=test.user,
            hosted=test.hosted,
            profiles=[Profile(address=address, groups=frozenset(names)) for address, names in test.groups.items()],
            now_s=self._clock() if test.at_s is None else test.at_s,
        )
        return replace(
            message,
            auth=given_results(test.auth),
            reputation=test.reputation,
            score=test.score,
            tags=test.tags,
        )

    def _at_recipient(self, rule: Rule, message: Message, services: RuleServices) -> _Seen:
        """Ask for one recipient after the other, as the envelope comes in."""
        desk = RecipientRules(RuleSet((rule,)), self._plugins)
        client = replace(message.client, origin=None)
        first = message.recipients[:1]
        answers = [
            desk.answer(
                replace(
                    message,
                    stage=Stage.RCPT,
                    client=client,
                    recipients=first if view in first else (*first, view),
                    recipient=view,
                ),
                services,
            )
            for view in message.recipients
        ]
        return _Seen(
            matches=tuple(match for answer in answers for match in answer.matches),
            replies=tuple(answer.reply for answer in answers if answer.reply is not None),
        )

    def _at_end(self, rule: Rule, message: Message, services: RuleServices) -> _Seen:
        evaluation = RuleEvaluation(
            RuleSet((rule,)), self._plugins, EvaluationSettings(), route_objection=self._route_objection
        )
        outcome = evaluation.evaluate(message, services)
        reply = outcome.result.reply
        return _Seen(matches=outcome.matches, replies=() if reply is None else (reply,))


def _author(content: bytes) -> str:
    """Of a message without an author somebody else is taken for the sender: only a test that says so is of a bounce."""
    author = message_from(content).from_
    return author.address if author is not None and author.address else NOBODY


def read_message(path: Path) -> bytes:
    """Read a stored message; raises OSError, and ValueError where it is larger than any that is looked at."""
    with path.open("rb") as file:
        content = file.read(MAX_MESSAGE_BYTES + 1)
    if len(content) > MAX_MESSAGE_BYTES:
        raise ValueError(f"{path} is larger than {MAX_MESSAGE_BYTES >> 20} MB")
    return content


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _problems(test: RuleTest, seen: _Seen) -> Iterator[str]:
    errors = [match.error for match in seen.matches if match.error]
    if errors:
        yield f"the rule could not be evaluated: {errors[0]}"
        return
    if test.matches is not None and test.matches is not bool(seen.matches):
        yield "it does not match" if test.matches else f"it matches{_because(seen)}"
    whom = sorted({address for match in seen.matches for address in match.recipients})
    if test.for_recipients is not None and sorted(test.for_recipients) != whom:
        yield f"it matches for {', '.join(whom) or 'nobody'}, and not for {', '.join(test.for_recipients) or 'nobody'}"
    yield from _action_problems(test, seen)
    replies = [f"{reply.code} {reply.enhanced} {reply.text}" for reply in seen.replies]
    if test.reply and not any(reply.startswith(test.reply) for reply in replies):
        yield f"the answer is {replies[0] if replies else 'that the message is taken'}, and not {test.reply}"


def _action_problems(test: RuleTest, seen: _Seen) -> Iterator[str]:
    if test.actions is None:
        return
    for match in seen.matches:
        for refused in match.refused:
            yield f"{kind_of(refused.action)} is refused: {refused.reason}"
    taken = list(dict.fromkeys(action for match in seen.matches for action in match.taken))
    forms = [(kind_of(action), action_words(action)) for action in taken]
    if len(forms) != len(test.actions) or any(
        expected not in form for expected, form in zip(test.actions, forms, strict=True)
    ):
        done = ", ".join(words for _, words in forms) or "nothing"
        yield f"it does {done}, and not {', '.join(test.actions) or 'nothing'}"


def _because(seen: _Seen) -> str:
    told = [f"{asked}: {what}" for match in seen.matches for asked, what in match.seen]
    return f" ({'; '.join(told)})" if told else ""
