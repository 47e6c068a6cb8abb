# SPDX-License-Identifier: GPL-3.0-or-later
"""Weigh what was found: which symbols a message earns, and what each counts."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from postward.model.symbol import Symbol
from postward.scoring.authentication_findings import authentication_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.model.symbol import Finding
    from postward.model.transaction import Facts
    from postward.scoring.scale import Scale

_MAX_DETAIL = 200


def weigh(facts: Facts, scale: Scale) -> tuple[Symbol, ...]:
    """Give the symbols that the facts earn: each once, in a fixed order, composites last.

    A composite takes the weight of those that it replaces; then no group counts more against the message than its cap.
    """
    symbols = _single(chain(authentication_findings(facts), *facts.findings.values()), scale)
    if scale.composites:
        _put_together(symbols, scale)
    return _capped(symbols.values(), scale.group_caps)


def _single(findings: Iterable[Finding], scale: Scale) -> dict[str, Symbol]:
    """One symbol for each name, however often it was found."""
    symbols: dict[str, Symbol] = {}
    for finding in findings:
        known = symbols.get(finding.name)
        if known is None:
            symbols[finding.name] = _symbol(finding, scale)
        elif finding.detail and len(known.detail) + len(finding.detail) < _MAX_DETAIL:
            detail = f"{known.detail}, {finding.detail}" if known.detail else finding.detail
            symbols[finding.name] = replace(known, detail=detail)
    return symbols


def _symbol(finding: Finding, scale: Scale) -> Symbol:
    name = finding.name
    definition = scale.definition(name)
    points = finding.points
    return Symbol(
        name=name,
        # What another scanner counts is its own; the operator's word counts more.
        score=scale.weight(name) if points is None or name in scale.weights else points,
        detail=finding.detail[:_MAX_DETAIL],
        group=definition.group,
        meaning=finding.words or definition.meaning,
    )


def _put_together(symbols: dict[str, Symbol], scale: Scale) -> None:
    for composite in scale.composites:
        if not composite.when.holds(symbols):
            continue
        definition = composite.definition
        for name in composite.replaces & symbols.keys():
            symbols[name] = _counting(symbols[name], 0.0)
        symbols[definition.name] = Symbol(
            name=definition.name,
            score=scale.weight(definition.name),
            group=definition.group,
            meaning=definition.meaning,
        )


def _capped(symbols: Iterable[Symbol], caps: Mapping[str, float]) -> tuple[Symbol, ...]:
    """Cut what goes beyond the cap of a group, from those that come later; what speaks for a message has no cap."""
    left = dict(caps)
    result = []
    for symbol in symbols:
        room = left.get(symbol.group)
        if room is None or symbol.score <= 0:
            result.append(symbol)
            continue
        counts = min(symbol.score, room)
        left[symbol.group] = room - counts
        result.append(symbol if counts == symbol.score else _counting(symbol, round(counts, 3)))
    return tuple(result)


def _counting(symbol: Symbol, score: float) -> Symbol:
    """Have it count otherwise, and remember what it would have counted."""
    full = symbol.score if symbol.uncapped_score is None else symbol.uncapped_score
    return replace(symbol, score=score, uncapped_score=None if full == score else full)
