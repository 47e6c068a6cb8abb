# SPDX-License-Identifier: GPL-3.0-or-later
"""Symbols that follow from others: what means more, or less, together than alone."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from postward.errors import UsageError
from postward.scoring.expression import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.model.symbol import SymbolDefinition
    from postward.scoring.expression import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """One of them."""

    definition: SymbolDefinition
    when: Expression
    """On the symbols that were found, other composites among them."""
    replaces: frozenset[str] = frozenset()
    """Symbols that then count for nothing, for the composite stands for them."""


def in_order(composites: Iterable[Composite]) -> tuple[Composite, ...]:
    """Sort composites so that each comes after those it asks for; raises UsageError where they ask in a circle."""
    by_name = {composite.definition.name: composite for composite in composites}
    graph = {name: sorted(names_in(each.when) & by_name.keys()) for name, each in by_name.items()}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise UsageError(f"composites ask for each other in a circle: {' -> '.join(error.args[1])}") from error
