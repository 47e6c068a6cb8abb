# SPDX-License-Identifier: GPL-3.0-or-later
"""The X-Postward-Reason field: in words, for whoever looks at the header, what a message counted and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.field_text import folded, is_plain, points
from postward.model.action import AddHeader
from postward.model.dmarc import DmarcDisposition
from postward.model.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.model.rule_outcome import RuleResult
    from postward.model.symbol import Symbol
    from postward.model.transaction import Transaction
    from postward.model.verdict import Decision

FIELD_NAME = "X-Postward-Reason"
MAX_OCTETS = 900
_ROOM_FOR_FOLDS = 60
_MAX_REASONS = 10
_MAX_NOT_CHECKED = 200


def reason_field(transaction: Transaction, decision: Decision, *, junk_threshold: float) -> AddHeader:
    """Say the verdict, the score, and the heaviest reasons; nothing of it is text from outside.

    So no ``detail`` of a symbol stands here, and no ``reason`` of the decision, which may quote the message.
    """
    head = f"{decision.verdict} (score {points(transaction.score)}, junk from {points(junk_threshold)} on)"
    clauses = [*_decided_by(transaction, decision, junk_threshold), *_reasons(transaction.symbols)]
    last = _not_checked(transaction)
    words = f"{head}: {'; '.join(_fitting(clauses, MAX_OCTETS - _ROOM_FOR_FOLDS - len(head) - len(last)))}{last}"
    return AddHeader(name=FIELD_NAME, value=folded(FIELD_NAME, words))


def _decided_by(transaction: Transaction, decision: Decision, junk_threshold: float) -> Iterator[str]:
    """What decided, where it was not the score."""
    is_mild = decision.verdict in {Verdict.HAM, Verdict.SUSPECT}
    is_counted_junk = transaction.score >= junk_threshold
    rules = transaction.rules.result if transaction.rules is not None else None
    if decision.is_virus:
        yield "the virus scanner decides so"
    elif is_mild and is_counted_junk:
        bypasses = rules is not None and rules.bypasses_spam
        yield f"{'a rule' if bypasses else 'an exception'} of this host lets it pass all the same"
    elif rules is not None and _is_by_rule(decision, rules):
        yield "a rule of this host decides so"
    elif not is_mild and not is_counted_junk and decision.dmarc_disposition is not DmarcDisposition.NONE:
        yield "the check of the author (DMARC) decides so"


def _is_by_rule(decision: Decision, rules: RuleResult) -> bool:
    if decision.verdict is Verdict.QUARANTINE:
        return bool(rules.hold_reason) and decision.reason == rules.hold_reason
    if decision.verdict is Verdict.DISCARD:
        return rules.discards
    is_otherwise_junk = decision.dmarc_disposition is not DmarcDisposition.NONE
    return decision.verdict is Verdict.JUNK and rules.junk and not is_otherwise_junk


def _reasons(symbols: Sequence[Symbol]) -> Iterator[str]:
    heavy = sorted(
        (symbol for symbol in symbols if symbol.score), key=lambda symbol: (-abs(symbol.score), -symbol.score)
    )
    for symbol in heavy[:_MAX_REASONS]:
        meaning = symbol.meaning if symbol.meaning and is_plain(symbol.meaning) else symbol.name
        yield f"{meaning} ({'+' if symbol.score > 0 else ''}{points(symbol.score)})"
    if len(heavy) > _MAX_REASONS:
        yield f"and {len(heavy) - _MAX_REASONS} more of less weight"


def _not_checked(transaction: Transaction) -> str:
    names = sorted(name for name in transaction.facts.not_checked if is_plain(name))
    told = ", ".join(names)
    if len(told) > _MAX_NOT_CHECKED:
        told = f"{told[:_MAX_NOT_CHECKED].rpartition(', ')[0]} and others"
    return f"; not checked: {told}" if told else ""


def _fitting(clauses: Sequence[str], room: int) -> list[str]:
    """As many as there is room for, from the first on."""
    taken: list[str] = []
    for clause in clauses:
        room -= len(clause) + len("; ")
        if room < 0:
            break
        taken.append(clause)
    return taken or ["nothing was found that counts"]
