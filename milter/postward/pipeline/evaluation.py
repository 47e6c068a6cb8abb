# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate, weigh, decide, plan: the pipeline itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from postward.actions.decision import decide, with_scans
from postward.actions.emptied_envelope import as_discarded, is_emptied, without_vanishing
from postward.actions.plan import DEFERRED, FLOODED, make_plan, results_of
from postward.actions.rule_decision import with_rules, with_virus
from postward.actions.rule_edits import with_rule_edits
from postward.actions.virus_field import SCANNER as VIRUS_SCANNER
from postward.checks.base import is_begun
from postward.checks.examination import Examination
from postward.checks.order import in_order
from postward.checks.origin import find_origin
from postward.checks.runner import run_checks
from postward.errors import StageError
from postward.model.action import NOTHING, Plan, Reply
from postward.model.origin import Direction
from postward.model.rule_outcome import DepositKind
from postward.model.signing import SigningOutcome
from postward.model.verdict import Decision, Verdict
from postward.pipeline.archiving import with_archives
from postward.pipeline.domain_wishes import DomainWishes, domain_wishes
from postward.pipeline.plan_stage import PlanStages
from postward.scoring.weighing import weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.actions.decision import DecisionSettings
    from postward.actions.plan import OutputSettings
    from postward.checks.base import Check
    from postward.checks.origin import OriginSettings
    from postward.checks.pass_mark import PassMark
    from postward.checks.sender import SenderCheck
    from postward.dns.resolver import Lookup
    from postward.model.origin import Origin
    from postward.model.rule_outcome import RuleOutcome
    from postward.model.symbol import Symbol
    from postward.model.transaction import Facts, Transaction
    from postward.pipeline.depositing import Depositing
    from postward.pipeline.domain_wishes import DomainDirectory
    from postward.pipeline.rule_stage import RuleStage
    from postward.scoring.scale import Scale

NO_STAGES = PlanStages()
_FIRST_5XX = 500
REPUTATION_GROUP, REPUTATION_SHARE = "reputation", 0.8
"""What reputation may count of what makes junk."""
UNSCANNABLE = Reply(code=552, enhanced="5.3.4", text="Message header is too large to be scanned for viruses")
"""Whoever writes such a header chooses that nothing is looked into: no scanner's failure, and no honest mail."""


class Greylisting(Protocol):
    """Asks for suspects to come again."""

    def judge(self, transaction: Transaction, decision: Decision, examination: Examination) -> Decision:
        """Return the decision, or that the message is refused for now."""
        ...


class Reputation(Protocol):
    """Knows senders from what they have sent."""

    def consult(self, transaction: Transaction) -> None:
        """Set ``facts.reputation`` and what it finds, or say among ``facts.not_checked`` that it could not be asked."""
        ...


class Quotas(Protocol):
    """Limits how much one sender may send."""

    def enter(self, transaction: Transaction) -> None:
        """Take a place among those that are judged at the same time."""
        ...

    def judge(self, transaction: Transaction, decision: Decision, examination: Examination) -> Decision:
        """Return the decision, or that the message is refused for it is too much."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSettings:
    """All that the pipeline has to know."""

    origin: OriginSettings
    decision: DecisionSettings
    output: OutputSettings
    scale: Scale
    monitor: bool = False
    """Compute and log everything, and leave the message untouched."""
    max_inspected_bytes: int = 50_000_000
    """Of a larger body no part is looked into, neither by checks nor by rules."""
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
        directory: DomainDirectory | None = None,
        stages: PlanStages = NO_STAGES,
        sender: SenderCheck | None = None,
        rules: RuleStage | None = None,
        reputation: Reputation | None = None,
        greylisting: Greylisting | None = None,
        quotas: Quotas | None = None,
        depositing: Depositing | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """``directory`` says what domains want, None asks none; ``stages`` complete the plans.

        ``sender`` judges from memory who may send what could not be evaluated; None lets it pass.
        ``rules`` are the transport rules, None has none; ``reputation`` None knows nobody; ``greylisting`` None asks
        nobody to come again; ``quotas`` None limits nobody;
        ``depositing`` keeps what rules want kept, before the MTA is answered; None keeps nothing, for a trial.
        """
        self._settings = settings
        self._directory = directory
        self._no_wishes = DomainWishes(decision=settings.decision)
        self._stages = stages
        self._sender = sender
        self._rules = rules
        self._reputation = reputation
        self._greylisting = greylisting
        self._quotas = quotas
        self._depositing = depositing
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
        examination = Examination(
            transaction, lookup, self._wall_clock(), max_inspected_bytes=settings.max_inspected_bytes
        )
        try:
            self._examine(transaction, examination)
        finally:
            examination.forget()
        transaction.stage_ms["evaluation"] = (time.perf_counter() - started_s) * 1000

    def _examine(self, transaction: Transaction, examination: Examination) -> None:
        if self._quotas is not None:
            self._quotas.enter(transaction)
        run_checks(self._checks, examination)
        if self._reputation is not None:
            self._reputation.consult(transaction)
        wishes = self._wishes(transaction)
        transaction.symbols = self._weighed(transaction, wishes)
        if self._rules is not None:
            self._rules.evaluate(transaction, examination)
        transaction.decision = self._decided(transaction, wishes)
        if self._greylisting is not None:
            transaction.decision = self._greylisting.judge(transaction, transaction.decision, examination)
        if self._quotas is not None:
            transaction.decision = self._quotas.judge(transaction, transaction.decision, examination)
        plan = self._completed(self._plan(transaction, transaction.decision, wishes), examination)
        transaction.plan = self._kept(_kept_in_sight(plan, transaction), transaction)

    def fallback(self, transaction: Transaction, reason: str) -> Plan:
        """Plan for a message whose evaluation failed or took too long: defer, or pass and say what was not checked.

        Fields that claim to be ours are removed all the same; a message with more of them than can be removed is
        refused.  So is one with a header that keeps the virus scanner from it, and one that rules, which were asked in
        time, refuse or do not want to go to all as it came; rules that could not be asked take their ``on_error``.
        """
        settings = self._settings
        if settings.monitor:
            return NOTHING
        if transaction.is_flooded:
            return Plan(reply=FLOODED)
        refusal = _refusal(transaction.rules)
        if refusal is not None or settings.defer_on_failure:
            return Plan(reply=refusal or DEFERRED)
        substitute = self._abandoned(transaction, reason)
        if substitute.is_header_cut and self._looks_for_viruses(substitute.origin):
            return Plan(reply=UNSCANNABLE)
        decision = self._undecided(substitute, f"not checked: {reason}")
        if transaction.rules is None and self._rules is not None:
            transaction.rules = self._rules.unasked(substitute, self._wall_clock())
            if transaction.rules is not None:
                decision = with_rules(decision, transaction.rules.result)
        if substitute.origin.direction is Direction.OUTBOUND:
            # No stage follows here, so that nothing is signed; the mail of a strict domain may be refused for that.
            transaction.signing = SigningOutcome(unsigned_reason=f"not checked: {reason}")
        return self._plan(substitute, decision, self._no_wishes)

    def _looks_for_viruses(self, origin: Origin) -> bool:
        return any(check.name == VIRUS_SCANNER and check.applies(origin) for check in self._checks)

    def authentication_results(self, transaction: Transaction) -> bytes | None:
        """Give our Authentication-Results of an evaluated message, also where the message itself gets none of it.

        So it is in monitor mode and for a message that is refused.  None for mail that is not judged.  Raises
        StageError before ``evaluate``.
        """
        if transaction.decision is None:
            raise StageError("decision")
        field = results_of(transaction, transaction.decision, self._settings.output)
        return field.value if field else None

    def decision_settings(self, transaction: Transaction) -> DecisionSettings:
        """What a score leads to for the recipients of an evaluated message, by what their domains want."""
        return self._wishes(transaction).decision

    def _abandoned(self, transaction: Transaction, reason: str) -> Transaction:
        """Take the message with the facts known so far, apart from the thread that may still work on it."""
        substitute = transaction.detached()
        # What the rules want kept, before recipients are taken off, has not been kept.
        substitute.rules = None
        origin = substitute.known_origin or find_origin(substitute, self._settings.origin, self._mark)
        substitute.origin = origin
        if self._sender is not None and origin.direction is Direction.OUTBOUND:
            self._recall_rights(substitute, self._sender)
        for check in self._checks:
            if check.applies(origin) and not check.results(substitute.facts):
                substitute.facts.not_checked.setdefault(check.name, reason)
                if is_begun(check):
                    check.give_up(substitute, reason)
        substitute.symbols = weigh(substitute.facts, self._settings.scale)
        return substitute

    @staticmethod
    def _recall_rights(transaction: Transaction, sender: SenderCheck) -> None:
        if transaction.facts.sender_rights is None:
            sender.recall(transaction)

    def _undecided(self, transaction: Transaction, reason: str) -> Decision:
        """Let it pass, unless it is known already that our own user may not send it, or that it holds a virus."""
        settings = self._settings.decision
        if transaction.origin.direction is Direction.OUTBOUND:
            decision = decide(transaction, settings)
            if decision.verdict is not Verdict.HAM:
                return decision
        return with_scans(Decision(verdict=Verdict.HAM, reason=reason), transaction, settings)

    def _wishes(self, transaction: Transaction) -> DomainWishes:
        if self._directory is None:
            return self._no_wishes
        return domain_wishes(transaction, self._directory, self._settings.decision)

    def _weighed(self, transaction: Transaction, wishes: DomainWishes) -> tuple[Symbol, ...]:
        facts = transaction.facts
        scale = self._scale(facts, wishes.decision.junk_threshold)
        if not any(wishes.weights):
            return weigh(facts, scale)
        candidates = (weigh(facts, scale.reweighed(weights)) for weights in wishes.weights)
        return min(candidates, key=lambda symbols: sum(symbol.score for symbol in symbols))

    def _scale(self, facts: Facts, junk_threshold: float) -> Scale:
        """See that also where a domain wants junk sooner than others, nothing is junk for its sender's name alone."""
        settings = self._settings
        if facts.reputation is None or junk_threshold >= settings.decision.junk_threshold:
            return settings.scale
        return settings.scale.capped(REPUTATION_GROUP, REPUTATION_SHARE * junk_threshold)

    @staticmethod
    def _decided(transaction: Transaction, wishes: DomainWishes) -> Decision:
        """Take the verdict, once: facts, score and DMARC say theirs; rules may be harsher, or take junk back."""
        if transaction.rules is None:
            return decide(transaction, wishes.decision)
        result, settings = transaction.rules.result, wishes.decision
        if result.bypasses_spam:
            settings = replace(settings, reject_threshold=None)
        decision = decide(transaction, settings)
        if decision.is_virus:
            result = with_virus(result, decision)
            transaction.rules = replace(transaction.rules, result=result)
        return with_rules(decision, result)

    def _plan(self, transaction: Transaction, decision: Decision, wishes: DomainWishes) -> Plan:
        if self._settings.monitor:
            return NOTHING
        output = self._settings.output
        if wishes.decision.junk_threshold != output.junk_threshold:
            output = replace(output, junk_threshold=wishes.decision.junk_threshold)
        plan = make_plan(transaction, decision, output, self._mark)
        if transaction.rules is not None and transaction.origin.direction is not Direction.REINJECTED:
            plan = with_rule_edits(plan, transaction.rules.result, transaction.headers)
        return with_archives(plan, wishes)

    def _kept(self, plan: Plan, transaction: Transaction) -> Plan:
        """Keep what the rules want kept of the message as it is delivered, and have people told of it.

        What comes again, for others than the rules want so, meets the rules again: else each attempt would be told.
        """
        if self._depositing is None or transaction.rules is None or self._settings.monitor:
            return plan
        is_put_off = plan.reply is not None and plan.reply.code < _FIRST_5XX
        if is_put_off and transaction.rules.result.reply is None:
            return plan
        return self._depositing.carry_out(plan, transaction, transaction.rules)

    def _completed(self, plan: Plan, examination: Examination) -> Plan:
        """Leave alone what came back, but for the way that it goes: it was completed when it came first."""
        if self._settings.monitor:
            return plan
        if examination.transaction.origin.direction is Direction.REINJECTED:
            return self._stages.complete_again(plan, examination)
        return self._stages.complete(plan, examination)


def _refusal(rules: RuleOutcome | None) -> Reply | None:
    """What is answered where the rules have decided, and what they want cannot be done any more."""
    if rules is None:
        return None
    result = rules.result
    is_kept_back = result.discards or result.hold_reason or result.dropped_recipients
    is_otherwise = result.route or result.new_body is not None or result.new_sender is not None
    # The copy may be on disk by now or never come there.
    is_copied = any(deposit.kind is DepositKind.ARCHIVE for deposit in result.deposits)
    return result.reply or (DEFERRED if is_kept_back or is_otherwise or is_copied else None)


def _kept_in_sight(plan: Plan, transaction: Transaction) -> Plan:
    """Let no message vanish because nobody is left to get it; sets the decision where that would have been so."""
    if not is_emptied(plan, [recipient.address.text for recipient in transaction.recipients]):
        return plan
    plan = without_vanishing(plan)
    if plan.discards and transaction.decision is not None:
        transaction.decision = as_discarded(transaction.decision)
    return plan
