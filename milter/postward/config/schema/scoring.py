"""Section ``scoring``: what findings weigh."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads it at run time
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from postward.config.schema.section import Section, key

Weight = Annotated[float, Field(ge=-1_000, le=1_000)]


class ScoringSection(Section):
    """What the findings weigh, and from which sum on a message is junk."""

    junk_threshold: float = key("Score from which on a message is junk.", default=5.0, least=0.1, most=1_000)
    weights: Annotated[Mapping[str, Weight], AfterValidator(MappingProxyType)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Weights of symbols in place of their defaults, such as {SPF_FAIL: 2.5}; 0 switches a symbol off.",
    )
