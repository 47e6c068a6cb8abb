"""Evaluate, weigh, decide, plan: the pipeline itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.actions.decision import decide
from postward.actions.plan import DEFERRED, FLOODED, make_plan, results_of
from postward.checks.examination import Examination
from postward.checks.order import in_order
from postward.checks.origin import find_origin
from postward.checks.runner import run_checks
from postward.errors import StageError
from postward.model.action import NOTHING, Plan
from postward.model.verdict import Decision, Verdict
from postward.scoring.symbols import weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from postward.actions.decision import DecisionSettings
    from postward.actions.plan import OutputSettings
    from postward.checks.base import Check
    from postward.checks.origin import OriginSettings
    from postward.checks.pass_mark import PassMark
    from postward.dns.resolver import Lookup
    from postward.model.origin import Origin
    from postward.model.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSettings:
    """All that the pipeline has to know."""

    origin: OriginSettings
    decision: DecisionSettings
    output: OutputSettings
    weights: Mapping[str, float]
    monitor: bool = False
    """Compute and log everything, and leave the message untouched."""
    defer_on_failure: bool = False
    """What a message gets that could not be checked: False lets it pass with fields that say so."""


class Pipeline:
    """Evaluates one message after the other; keeps nothing between them."""

    def __init__(
        self,
        settings: PipelineSettings,
        checks: Sequence[Check],
        *,
        mark: PassMark | None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._checks = in_order(checks)
        self._mark = mark
        self._wall_clock = wall_clock

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks in the order in which they run."""
        return self._checks

    def evaluate(self, transaction: Transaction, lookup: Lookup, origin: Origin | None = None) -> None:
        """Establish facts, symbols, decision and plan of a whole message; ``origin`` only where it is known already."""
        settings = self._settings
        started_s = time.perf_counter()
        transaction.origin = origin or find_origin(transaction, settings.origin, self._mark)
        run_checks(self._checks, Examination(transaction, lookup, self._wall_clock()))
        transaction.symbols = weigh(transaction.facts, settings.weights)
        transaction.decision = decide(transaction, settings.decision)
        transaction.plan = self._plan(transaction, transaction.decision)
        transaction.stage_ms["evaluation"] = (time.perf_counter() - started_s) * 1000

    def fallback(self, transaction: Transaction, reason: str) -> Plan:
        """Plan for a message whose evaluation failed or took too long: defer, or pass and say what was not checked.

        Fields that claim to be ours are removed all the same; a message with more of them than can be removed is
        refused.
        """
        settings = self._settings
        if settings.monitor:
            return NOTHING
        if transaction.is_flooded:
            return Plan(reply=FLOODED)
        if settings.defer_on_failure:
            return Plan(reply=DEFERRED)
        substitute = self._abandoned(transaction, reason)
        return self._plan(substitute, Decision(verdict=Verdict.HAM, reason=f"not checked: {reason}"))

    def authentication_results(self, transaction: Transaction) -> bytes | None:
        """Give our Authentication-Results of an evaluated message, also where the message itself gets none of it.

        So it is in monitor mode and for a message that is refused.  None for mail that is not judged.  Raises
        StageError before ``evaluate``.
        """
        if transaction.decision is None:
            raise StageError("decision")
        field = results_of(transaction, transaction.decision, self._settings.output)
        return field.value if field else None

    def _abandoned(self, transaction: Transaction, reason: str) -> Transaction:
        """Take the message with the facts known so far, apart from the thread that may still work on it."""
        substitute = transaction.detached()
        origin = substitute.known_origin or find_origin(substitute, self._settings.origin, self._mark)
        substitute.origin = origin
        for check in self._checks:
            if check.applies(origin) and not check.results(substitute.facts):
                substitute.facts.not_checked.setdefault(check.name, reason)
        substitute.symbols = weigh(substitute.facts, self._settings.weights)
        return substitute

    def _plan(self, transaction: Transaction, decision: Decision) -> Plan:
        if self._settings.monitor:
            return NOTHING
        return make_plan(transaction, decision, self._settings.output, self._mark)
