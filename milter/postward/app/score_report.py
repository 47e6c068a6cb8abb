# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of ``postward scan --json`` that tells the score: what counted, what other programs said, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from postward.app.reputation_report import quota_report, reputation_report

if TYPE_CHECKING:
    from postward.model.greylisting import GreylistResult
    from postward.model.scan_result import ScanResult
    from postward.model.symbol import Symbol
    from postward.model.transaction import Transaction


class Thresholds(Protocol):
    """The scores from which on something is done; see ``actions.decision.DecisionSettings``."""

    @property
    def suspect_threshold(self) -> float:
        """From here on it is worth a second look."""

    @property
    def junk_threshold(self) -> float:
        """From here on it is marked as junk."""

    @property
    def reject_threshold(self) -> float | None:
        """From here on it is refused; None refuses none."""


def score_report(transaction: Transaction, thresholds: Thresholds | None) -> dict[str, Any]:
    """Give the keys symbols, score, thresholds, scans, greylisting, reputation and quota."""
    facts = transaction.facts
    return {
        "symbols": [_symbol(symbol) for symbol in transaction.symbols],
        "score": transaction.score,
        "thresholds": _thresholds(thresholds),
        "scans": {name: _scan(result) for name, result in facts.scans.items()},
        "greylisting": _greylisting(facts.greylisting),
        "reputation": reputation_report(facts.reputation),
        "quota": quota_report(facts.quota),
    }


def _symbol(symbol: Symbol) -> dict[str, Any]:
    return {
        "name": symbol.name,
        "score": symbol.score,
        "detail": symbol.detail,
        "group": symbol.group,
        "meaning": symbol.meaning,
        "uncapped_score": symbol.score if symbol.uncapped_score is None else symbol.uncapped_score,
    }


def _thresholds(thresholds: Thresholds | None) -> dict[str, float | None] | None:
    if thresholds is None:
        return None
    return {
        "suspect": thresholds.suspect_threshold,
        "junk": thresholds.junk_threshold,
        "reject": thresholds.reject_threshold,
    }


def _scan(result: ScanResult) -> dict[str, Any]:
    return {
        "status": result.status,
        "viruses": list(result.viruses),
        "score": result.score,
        "required": result.required,
        "symbols": [{"name": name, "score": score} for name, score in result.symbols],
        "reason": result.reason,
    }


def _greylisting(result: GreylistResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {"status": result.status, "reason": result.reason, "wait_s": result.wait_s}
