# SPDX-License-Identifier: GPL-3.0-or-later
"""Text with places that a message fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.errors import RuleFailure

if TYPE_CHECKING:
    from postward.rules.conditions.base import Subject
    from postward.rules.needs import Need

MAX_FILLED_CHARS = 1_000
"""Of what stands in for one place; the rest of it is cut off."""
_CONTROL = dict.fromkeys((*range(32), 127), " ")

Fill = Callable[["Subject", Mapping[str, str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTemplate:
    """Pieces of text, and what fills the places between them."""

    pieces: tuple[str | Fill, ...]
    needs: frozenset[Need] = frozenset()
    is_per_recipient: bool = False

    @property
    def constant(self) -> str | None:
        """The text where it has no places; None where it has."""
        parts = [piece for piece in self.pieces if isinstance(piece, str)]
        return "".join(parts) if len(parts) == len(self.pieces) else None

    def fill(self, subject: Subject, captures: Mapping[str, str]) -> str:
        """Give the text; what comes from the message is one line of bounded length.

        Raises RuleFailure where something that it names cannot be looked up.
        """
        return "".join(piece if isinstance(piece, str) else _plain(piece(subject, captures)) for piece in self.pieces)


def from_map(name: str, entries: Mapping[str, str], key: Fill) -> Fill:
    """Fill a place with what a map has for a key."""

    def fill(subject: Subject, captures: Mapping[str, str]) -> str:
        wanted = key(subject, captures)
        found = entries.get(wanted)
        if found is None:
            raise RuleFailure(f"the map {name} has nothing for {wanted[:100]!r}")
        return found

    return fill


def _plain(text: str) -> str:
    return text[:MAX_FILLED_CHARS].translate(_CONTROL)
