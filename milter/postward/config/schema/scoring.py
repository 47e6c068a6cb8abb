"""Section ``scoring``: what findings weigh."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads it at run time
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from postward.config.closest import closest
from postward.config.schema.section import Section, fault, key

SYMBOLS = "symbols"
"""Under this name the validation context holds the names of the symbols that there are."""


def _checked_symbol(name: str, info: ValidationInfo) -> str:
    symbols = (info.context or {}).get(SYMBOLS)
    if symbols is None or name in symbols:
        return name
    near = closest(name, tuple(symbols), fold=str.upper)
    raise fault(
        "there is no such symbol", f"did you mean {near}?" if near else f"known are {', '.join(sorted(symbols))}"
    )


def _frozen(weights: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType(dict(weights))


SymbolName = Annotated[str, AfterValidator(_checked_symbol)]
Weight = Annotated[float, Field(ge=-1_000, le=1_000)]


class ScoringSection(Section):
    """What the findings weigh, and from which sum on a message is junk."""

    junk_threshold: float = key("Score from which on a message is junk.", default=5.0, least=0.1, most=1_000)
    weights: Annotated[Mapping[SymbolName, Weight], AfterValidator(_frozen)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Weights of symbols in place of their defaults, such as {SPF_FAIL: 2.5}; 0 switches a symbol off.",
    )
