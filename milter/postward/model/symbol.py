"""One named finding with its weight."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A contribution to the score."""

    name: str
    """Upper case, digits and underscores."""
    score: float
    detail: str = ""
    """In words; may quote text from outside."""
