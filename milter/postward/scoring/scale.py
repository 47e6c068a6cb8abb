# SPDX-License-Identifier: GPL-3.0-or-later
"""By what findings are weighed: weights, composites, and the caps of groups."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.symbol import SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.scoring.composite import Composite

_TAKEN_OVER = SymbolDefinition(name="", score=0.0, group="scanners", meaning="a symbol of another scanner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One for all messages, and one for each domain that weighs otherwise."""

    definitions: Mapping[str, SymbolDefinition]
    """Every symbol that Postward itself may find, by its name, composites among them."""
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """In place of the definitions' scores."""
    group_caps: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """How much the symbols of a group may count together against a message; a group that is not there has no cap."""
    composites: tuple[Composite, ...] = ()
    """In an order in which each comes after those it asks for."""

    def definition(self, name: str) -> SymbolDefinition:
        """What is declared of a symbol; of one that another scanner has found, that it weighs nothing."""
        return self.definitions.get(name, _TAKEN_OVER)

    def weight(self, name: str) -> float:
        """What a symbol weighs; 0 for one that is not declared."""
        weight = self.weights.get(name)
        return self.definition(name).score if weight is None else weight

    def reweighed(self, weights: Mapping[str, float]) -> Scale:
        """The same with other weights for some symbols."""
        return replace(self, weights=MappingProxyType({**self.weights, **weights})) if weights else self

    def capped(self, group: str, most: float) -> Scale:
        """The same where the symbols of a group count no more than ``most`` against a message."""
        return replace(self, group_caps=MappingProxyType({**self.group_caps, group: most}))
