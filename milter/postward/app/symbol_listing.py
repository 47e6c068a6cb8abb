# SPDX-License-Identifier: GPL-3.0-or-later
"""Every symbol that there is, with what it weighs here and who says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.app.scoring import scale_of
from postward.errors import DirectoryUnavailable, TemporaryFailure, UsageError
from postward.scoring.catalogue import SYMBOLS
from postward.scoring.expression import Every, Not, Present, Some

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.config import Configuration
    from postward.scoring.composite import Composite
    from postward.scoring.expression import Expression
    from postward.scoring.scale import Scale

_NO_WEIGHTS: Mapping[str, float] = MappingProxyType({})


class Origin(StrEnum):
    """Who says what a symbol weighs."""

    DEFAULT = "default"
    CONFIGURATION = "configuration"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolLine:
    """One symbol, in words."""

    name: str
    weight: float
    default_weight: float
    """As it is declared."""
    origin: Origin
    group: str
    meaning: str
    is_composite: bool
    when: str
    """The condition of a composite; "" of all others."""
    replaces: tuple[str, ...]
    """What counts for nothing where the composite is found."""

    def report(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


def list_symbols(config: Configuration, domain: str | None = None) -> tuple[SymbolLine, ...]:
    """List them by groups, as they weigh for mail to ``domain``, or for all that wants nothing else.

    Raises ConfigErrors; UsageError for a domain that is not hosted here; TemporaryFailure where that cannot be told.
    """
    scale = scale_of(config)
    own = _domain_weights(config, domain) if domain is not None else _NO_WEIGHTS
    composites = {composite.definition.name: composite for composite in scale.composites}
    # Symbols of other scanners are not declared: those are known that somebody weighs.
    names = dict.fromkeys((*scale.definitions, *scale.weights, *own))
    lines = [_line(name, scale, own, composites.get(name)) for name in names]
    groups = list(dict.fromkeys(line.group for line in lines))
    return tuple(sorted(lines, key=lambda line: groups.index(line.group)))


def list_caps(config: Configuration) -> Mapping[str, float]:
    """How much each group may count together against a message; a group that is not there has no cap."""
    return scale_of(config).group_caps


def _line(name: str, scale: Scale, own: Mapping[str, float], composite: Composite | None) -> SymbolLine:
    definition = scale.definition(name)
    return SymbolLine(
        name=name,
        weight=own[name] if name in own else scale.weight(name),
        default_weight=definition.score,
        origin=_origin(name, scale, own),
        group=definition.group,
        meaning=definition.meaning,
        is_composite=composite is not None,
        when=condition_words(composite.when) if composite is not None else "",
        replaces=tuple(sorted(composite.replaces)) if composite is not None else (),
    )


def _origin(name: str, scale: Scale, own: Mapping[str, float]) -> Origin:
    if name in own:
        return Origin.DOMAIN
    is_default = name in SYMBOLS and name not in scale.weights
    return Origin.DEFAULT if is_default else Origin.CONFIGURATION


def _domain_weights(config: Configuration, domain: str) -> Mapping[str, float]:
    directory = open_directory(plan_directory(config))
    try:
        entry = directory.domain(domain.lower())
    except DirectoryUnavailable as error:
        raise TemporaryFailure(f"the directory does not say whether {domain!r} is hosted here") from error
    finally:
        directory.close()
    if entry is None:
        raise UsageError(f"--domain: {domain!r} is not hosted here")
    return entry.settings.weights


def condition_words(condition: Expression) -> str:
    """Write a condition as the configuration has it."""
    match condition:
        case Present(name):
            return name
        case Not(part):
            return f"!{_inner(part)}"
        case Every(parts):
            return " & ".join(map(_inner, parts))
        case Some(parts):
            return " | ".join(condition_words(part) for part in parts)


def _inner(part: Expression) -> str:
    words = condition_words(part)
    return f"({words})" if isinstance(part, Every | Some) else words
