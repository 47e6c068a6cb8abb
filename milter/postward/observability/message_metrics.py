# SPDX-License-Identifier: GPL-3.0-or-later
"""Count one message: what was found, what was done, and how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.greylisting import GreylistStatus
from postward.observability.families import (
    CHECK_DURATION,
    CHECK_RESULTS,
    CHECKS,
    KEYS_UNUSABLE,
    MESSAGES,
    RULE_FAILURES,
    RULE_MATCHES,
    RULE_SECONDS,
    SCORE,
    SIGNED,
    SYMBOL_HITS,
    TRANSACTION_DURATION,
)
from postward.observability.message_event import total_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.model.rule_outcome import RuleMatch
    from postward.model.signing import SigningOutcome
    from postward.model.transaction import Facts, Transaction
    from postward.observability.families import Family
    from postward.observability.metrics import WorkerMetrics


def count_message(metrics: WorkerMetrics, transaction: Transaction, *, action: str, now_s: float) -> None:
    """Count a message that is done with; ``action`` as for ``message_event``."""
    metrics.add(MESSAGES, action)
    for check, result in _results(transaction.facts):
        metrics.add(CHECK_RESULTS, check, result)
    for symbol in transaction.symbols:
        metrics.add(SYMBOL_HITS, symbol.name)
    for family, kind in _signing(transaction.signing):
        metrics.add(family, kind)
    if transaction.decision is not None:
        metrics.observe(SCORE, transaction.score)
    for stage, spent_ms in transaction.stage_ms.items():
        if stage != "total":
            metrics.observe(CHECK_DURATION if stage in CHECKS else TRANSACTION_DURATION, spent_ms / 1000, stage)
    metrics.observe(TRANSACTION_DURATION, total_ms(transaction, now_s) / 1000, "total")


def count_rules(metrics: WorkerMetrics, matches: Iterable[RuleMatch]) -> None:
    """Count rules that matched or failed."""
    for match in matches:
        if match.error:
            metrics.add(RULE_FAILURES, match.rule)
        else:
            metrics.add(RULE_MATCHES, match.rule, match.mode.value)
        metrics.add(RULE_SECONDS, match.rule, amount=match.spent_ms / 1000)


def _signing(outcome: SigningOutcome | None) -> Iterator[tuple[Family, str]]:
    if outcome is None:
        return
    if outcome.signed_by:
        yield SIGNED, "dkim"
    if outcome.sealed_by:
        yield SIGNED, "arc"
    if outcome.keys_unusable:
        yield KEYS_UNUSABLE, "dkim"
    if outcome.seal_unusable:
        yield KEYS_UNUSABLE, "arc"


def _results(facts: Facts) -> Iterator[tuple[str, str]]:
    for check, result in (
        ("spf", facts.spf),
        ("spf_helo", facts.spf_helo),
        ("arc", facts.arc),
        ("dmarc", facts.dmarc),
        ("iprev", facts.iprev),
    ):
        if result is not None:
            yield check, result.status.value
    if facts.dkim is not None:
        # A message without any signature counts once, as RFC 8601 section 2.7.1 reports it.
        yield from (("dkim", result.status.value) for result in facts.dkim)
        if not facts.dkim:
            yield "dkim", "none"
    if facts.greylisting is not None and facts.greylisting.status is not GreylistStatus.UNKNOWN:
        yield "greylisting", facts.greylisting.status.value
    for check in facts.not_checked:
        yield check, "not_checked"
