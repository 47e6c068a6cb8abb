# SPDX-License-Identifier: GPL-3.0-or-later
"""By what this host weighs: the defaults, and what the configuration says in their place."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.app.dns_list_zones import own_symbols
from postward.config.closest import closest
from postward.errors import ConfigErrors, UsageError
from postward.model.symbol import SymbolDefinition
from postward.scoring.catalogue import DEFAULT_SCALE, OPEN_PREFIXES, SYMBOLS
from postward.scoring.composite import Composite, in_order
from postward.scoring.expression import names_in, read_expression
from postward.scoring.scale import Scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.config import Configuration
    from postward.config.document.plain import KeyPath
    from postward.errors import ConfigError

_COMPOSITES: KeyPath = ("scoring", "composites")


def scale_of(config: Configuration) -> Scale:
    """Give the scale; raises ConfigErrors with every fault in composites and caps."""
    definitions = {**SYMBOLS, **own_symbols(config)}
    read, faults = _read_composites(config, frozenset(definitions))
    own = {composite.definition.name: composite for composite in read}
    definitions |= {name: composite.definition for name, composite in own.items()}
    faults += _unknown_names(config, own, definitions)
    faults += _unknown_groups(config, {definition.group for definition in definitions.values()})
    if faults:
        raise ConfigErrors(sorted(faults, key=lambda fault: fault.line))
    try:
        composites = in_order((*DEFAULT_SCALE.composites, *read))
    except UsageError as error:
        raise ConfigErrors([config.error_at(_COMPOSITES, str(error))]) from error
    return Scale(
        definitions=MappingProxyType(definitions),
        weights=config.scoring.weights,
        group_caps=MappingProxyType({**DEFAULT_SCALE.group_caps, **config.scoring.group_caps}),
        composites=composites,
    )


def _read_composites(config: Configuration, taken: frozenset[str]) -> tuple[list[Composite], list[ConfigError]]:
    composites, faults = [], []
    for name, section in config.scoring.composites.items():
        if name in taken:
            faults.append(config.error_at((*_COMPOSITES, name), "there is a symbol of that name", "choose another"))
            continue
        try:
            when = read_expression(section.when)
        except UsageError as error:
            hint = "such as A & !B | (C & D)"
            faults.append(config.error_at((*_COMPOSITES, name, "when"), str(error), hint))
            continue
        definition = SymbolDefinition(
            name=name, score=section.score, group=section.group, meaning=section.meaning.rstrip(".")
        )
        composites.append(Composite(definition=definition, when=when, replaces=frozenset(section.replaces)))
    return composites, faults


def _unknown_names(
    config: Configuration, own: dict[str, Composite], known: dict[str, SymbolDefinition]
) -> list[ConfigError]:
    faults = []
    for name, composite in own.items():
        for key, names in (("when", names_in(composite.when)), ("replaces", composite.replaces)):
            for each in sorted(names):
                # A rule that changes the score does so after the composites.
                if each not in known and not each.startswith(OPEN_PREFIXES):
                    near = closest(each, tuple(known), fold=str.upper)
                    hint = f"did you mean {near}?" if near else "`postward symbols` lists those that there are"
                    faults.append(config.error_at((*_COMPOSITES, name, key), f"there is no symbol {each}", hint))
    return faults


def _unknown_groups(config: Configuration, groups: set[str]) -> Iterator[ConfigError]:
    for group in config.scoring.group_caps:
        if group not in groups:
            yield config.error_at(
                ("scoring", "group_caps", group), "there is no such group", f"known are {', '.join(sorted(groups))}"
            )
