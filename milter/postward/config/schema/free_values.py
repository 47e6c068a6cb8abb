# SPDX-License-Identifier: GPL-3.0-or-later
"""Values by names that the operator chooses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from postward.config.schema.section import checked_text, fault

_MAX_TEXT_LENGTH = 1_024
_MAX_VALUES = 100


def _parse_free_value(value: object) -> str:
    """Text; a number or a boolean becomes the text that it is written as in YAML."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, int | float) else checked_text(value)
    if len(text) > _MAX_TEXT_LENGTH or not text.isprintable():
        raise fault("must be one line of text", f"at most {_MAX_TEXT_LENGTH} characters")
    return text


def _frozen(values: Mapping[str, str]) -> Mapping[str, str]:
    if len(values) > _MAX_VALUES:
        raise fault(f"has more than {_MAX_VALUES} entries")
    return MappingProxyType(dict(values))


FreeValues = Annotated[Mapping[str, Annotated[str, PlainValidator(_parse_free_value)]], AfterValidator(_frozen)]
