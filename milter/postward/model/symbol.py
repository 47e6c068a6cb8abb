# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finding is called, what it weighs, and what it contributes to the score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolDefinition:
    """A symbol as it is declared, beside the code that finds it."""

    name: str
    """Upper case, digits and underscores."""
    score: float
    """Its weight unless the configuration says otherwise; negative speaks for the message."""
    group: str
    """What it counts among, in lower case: the contributions of a group may have a cap."""
    meaning: str
    """Why it counts, in plain words, as a clause for people: "the date is days in the future"."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check has found in one message."""

    name: str
    """Of its symbol."""
    detail: str = ""
    """In words; may quote text from outside, in 200 characters at most."""
    points: float | None = None
    """What it weighs in this message where that differs; None is the weight of its symbol."""
    words: str = ""
    """In place of the declared meaning; nothing of it is text from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A contribution to the score."""

    name: str
    """Upper case, digits and underscores."""
    score: float
    detail: str = ""
    """In words; may quote text from outside."""
    group: str = ""
    meaning: str = ""
    """As it is declared; no text from outside."""
    uncapped_score: float | None = None
    """What it would have counted for without the cap of its group; None where that is its score."""
