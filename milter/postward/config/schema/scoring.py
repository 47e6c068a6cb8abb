# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``scoring``: what findings weigh, and what a score leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from postward.config.closest import closest
from postward.config.schema.section import Section, fault, key

SYMBOLS = "symbols"
"""Under this name the validation context holds the names of the symbols that there are."""
OPEN_PREFIXES = ("SA_", "RSPAMD_")
"""So begin the names of symbols that other scanners find: there is no list of them."""
_MAX_MEANING = 200
_NEW_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,49}", re.ASCII)
_GROUP = re.compile(r"[a-z][a-z0-9_]{1,29}", re.ASCII)


def _checked_symbol(name: str, info: ValidationInfo) -> str:
    symbols = (info.context or {}).get(SYMBOLS)
    if symbols is None or name in symbols or name.startswith(OPEN_PREFIXES):
        return name
    near = closest(name, tuple(symbols), fold=str.upper)
    raise fault(
        "there is no such symbol", f"did you mean {near}?" if near else "`postward symbols` lists those that there are"
    )


def _checked_new_name(name: str) -> str:
    if not _NEW_NAME.fullmatch(name):
        raise fault("is no name for a symbol", "3 to 50 capital letters, digits and _, such as OUR_RULE")
    return name


def _checked_group(name: str) -> str:
    if not _GROUP.fullmatch(name):
        raise fault("is no name for a group", "2 to 30 small letters, digits and _, such as html")
    return name


def _frozen(values: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType(dict(values))


def _frozen_composites(values: Mapping[str, CompositeSection]) -> Mapping[str, CompositeSection]:
    return MappingProxyType(dict(values))


def _checked_meaning(text: str) -> str:
    if not 0 < len(text) <= _MAX_MEANING or not text.isascii() or not text.isprintable():
        raise fault(f"is no plain text of 1 to {_MAX_MEANING} ASCII characters", "it stands in a header field")
    return text


SymbolName = Annotated[str, AfterValidator(_checked_symbol)]
Weight = Annotated[float, Field(ge=-1_000, le=1_000)]
Weights = Annotated[Mapping[SymbolName, Weight], AfterValidator(_frozen)]
NewSymbolName = Annotated[str, AfterValidator(_checked_new_name)]
_Group = Annotated[str, AfterValidator(_checked_group)]
_Caps = Annotated[Mapping[_Group, Annotated[float, Field(ge=0, le=1_000)]], AfterValidator(_frozen)]


class CompositeSection(Section):
    """A symbol that follows from others."""

    when: str
    score: Weight
    meaning: Annotated[str, AfterValidator(_checked_meaning)]
    group: _Group = "composites"
    replaces: tuple[str, ...] = ()


class ScoringSection(Section):
    """What the findings weigh, and what their sum leads to."""

    suspect_threshold: float = key(
        "Score from which on a message is suspect: delivered as it is, and greylisted where that is switched on.",
        default=3.0,
        least=0.1,
        most=1_000,
    )
    junk_threshold: float = key("Score from which on a message is junk.", default=5.0, least=0.1, most=1_000)
    reject_threshold: float | None = key(
        "Score from which on a message is refused (550); null refuses none for its score.",
        default=None,
        least=0.1,
        most=1_000,
    )
    weights: Weights = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Weights of symbols in place of their defaults, such as {SPF_FAIL: 2.5}; with 0 a symbol counts for"
        " nothing.  `postward symbols` lists them all.",
    )
    group_caps: _Caps = Field(
        default_factory=lambda: MappingProxyType({}),
        description="How much the symbols of a group may count together against a message, in place of the defaults,"
        " such as {html: 2}; 0 has a group count for nothing.",
    )
    composites: Annotated[Mapping[NewSymbolName, CompositeSection], AfterValidator(_frozen_composites)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Symbols that follow from others: {NEW_AND_FORGED: {when: 'DMARC_FAIL_NONE & !DKIM_PASS', score: 1,"
        " meaning: 'not signed, and DMARC fails', replaces: [DKIM_NONE]}}.  Operators are ! & | and parentheses;"
        " what it replaces counts for nothing.",
    )

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.suspect_threshold > self.junk_threshold and "suspect_threshold" in self.model_fields_set:
            raise fault("suspect_threshold is higher than junk_threshold", "what is junk is suspect too")
        if self.reject_threshold is not None and self.reject_threshold < self.junk_threshold:
            raise fault("reject_threshold is lower than junk_threshold", "what is refused would be junk too")
        return self
