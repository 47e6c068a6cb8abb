# SPDX-License-Identifier: GPL-3.0-or-later
"""What all sections have in common, and how a key is declared."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

HINTED = "hinted"
"""Error type of the faults that ``fault`` makes; their context has a problem and a hint."""


class Section(BaseModel):
    """A section: frozen, no key that is not declared, no type that is nearly right."""

    # hide_input_in_errors: a value may be a password (redis.url) and must not reach a log.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, value: object) -> object:
        """A section with all its keys commented out reads as null."""
        return {} if value is None else value


def key(meaning: str, *, default: Any, least: float | None = None, most: float | None = None) -> Any:
    """Declare a key: its meaning in words (units included), its default, and the range of a number."""
    return Field(default=default, description=meaning, ge=least, le=most)


def section(kind: type[Section]) -> Any:
    """Declare a section within a section; all its keys at their defaults where it is not written."""
    return Field(default_factory=kind)


def fault(problem: str, hint: str = "") -> PydanticCustomError:
    """A fault for a validator to raise."""
    return PydanticCustomError(HINTED, "{problem}", {"problem": problem, "hint": hint})


def checked_text(value: object) -> str:
    """``value`` if it is text; raises a fault otherwise."""
    if isinstance(value, str):
        return value
    if value is None:
        raise fault("has no value", "comment the line out to get the default")
    raise fault("must be text", "put the value in quotes")
