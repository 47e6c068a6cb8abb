# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of header or content is: a name, the symbols that it may find, and a function that finds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.checks.content.letter import Letter
    from postward.model.symbol import Finding, SymbolDefinition


class About(Enum):
    """What a check looks at; it is not run on a message that has none of it."""

    ANYTHING = auto()
    FILES = auto()
    LINKS = auto()
    """That a reader may follow."""
    HTML = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentCheck:
    """One idea, declared at the end of its file; see ``catalogue``."""

    name: str
    """Lower case and underscores, the name of its file."""
    symbols: tuple[SymbolDefinition, ...]
    """All that it may find; each stands here and nowhere else."""
    find: Callable[[Letter], Iterable[Finding]]
    """Looks at one message of somebody outside; never decides, and changes nothing."""
    about: About = About.ANYTHING
