# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for tests of the engine, with conditions and actions that are given as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from postward.model.rule_action import kind_of
from postward.rules.action_scope import is_whole_message
from postward.rules.conditions.base import Finding
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.rule import DIRECTIONS, Rule
from postward.rules.rule_set import RuleSet
from postward.rules.services import RuleServices
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.model.rule_action import RuleAction
    from postward.model.rule_outcome import RuleOutcome
    from postward.rules.message.message import Message


@dataclass(frozen=True)
class Given:
    """Holds where ``test_message`` says so; what it raises comes out."""

    test_message: Callable[[Message], bool]
    is_per_recipient: bool = False
    stage: Stage = Stage.END
    needs: frozenset[Any] = frozenset()
    captures: frozenset[str] = frozenset()

    def test(self, subject: Any) -> Finding:
        return Finding(matched=self.test_message(subject.message), asked="given", seen="so")

    def keys(self) -> None:
        return None

    def leaves(self) -> Iterator[Given]:
        yield self


@dataclass(frozen=True)
class Doing:
    """An action as it is, or one made from the message."""

    action: RuleAction | Callable[[Message], RuleAction]
    needs: frozenset[Any] = frozenset()
    is_per_recipient: bool = False

    @property
    def kind(self) -> str:
        return "tag" if callable(self.action) else kind_of(self.action)

    @property
    def is_whole_message(self) -> bool:
        return not callable(self.action) and is_whole_message(self.action)

    def make(self, subject: Any, _captures: Any) -> RuleAction:
        return self.action(subject.message) if callable(self.action) else self.action


def recipient(address: str) -> Given:
    return Given(lambda message: message.recipient is not None and message.recipient.address == address, True)  # noqa: FBT003


def tagged(name: str) -> Given:
    return Given(lambda message: name in message.tags)


def rule(name: str, *actions: Any, when: Given | None = None, **properties: Any) -> Rule:
    given = {} if when is None else {"condition": when}
    directions = properties.pop("directions", frozenset(DIRECTIONS))
    templates = tuple(Doing(action) for action in actions)
    return Rule(id=name, directions=directions, actions=templates, **given, **properties)


@dataclass
class Plugins:
    """Answers with what is given, by the plugin's name; an exception is raised."""

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, float]] = field(default_factory=list)

    def run(self, name: str, _message: Message, _settings: Any, *, timeout_s: float, services: Any) -> Any:
        assert services is not None
        self.calls.append((name, timeout_s))
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer


class NoRates:
    def count(self, key: str, *, windows: int, window_s: float, now_s: float) -> tuple[int, ...]:
        raise AssertionError(key)


def services(directory: Any = None) -> RuleServices:
    return RuleServices(directory=directory or StaticDirectory(hosted=["corp.example"]), rates=NoRates())


def evaluate(
    message: Message,
    *rules: Rule,
    plugins: Plugins | None = None,
    objection: str | Callable[[Any], str] = "",
    ticks: Iterator[float] | None = None,
    budget_s: float = 20.0,
    unanswered: bool = False,
) -> RuleOutcome:
    clock = {} if ticks is None else {"monotonic": lambda: next(ticks)}
    evaluation = RuleEvaluation(
        RuleSet(rules, digest="d1"),
        plugins or Plugins(),
        EvaluationSettings(budget_s=budget_s),
        route_objection=lambda _name, copy: objection(copy) if callable(objection) else objection,
        **clock,
    )
    return evaluation.evaluate(message, services(), recipients_unanswered=unanswered)
