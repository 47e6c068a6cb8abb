# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in force for text at one place of a document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.mime.html.colour import BLACK, WHITE, Colour, are_near

if TYPE_CHECKING:
    from postward.mime.html.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Of one element, with all that it has from those around it."""

    is_silent: bool = False
    """Its text is none: scripts, style sheets, titles."""
    is_gone: bool = False
    is_invisible: bool = False
    is_tiny: bool = False
    colour: Colour | str = BLACK
    ground: Colour | str = WHITE
    is_hidden: bool = False
    """Nobody sees the text; follows from the others."""

    def silenced(self) -> Ground:
        """For the text of an element that is not shown."""
        return replace(self, is_silent=True)

    def within(self, style: Style) -> Ground:
        """For what is in an element of that style."""
        colour = self.colour if style.colour is None else style.colour
        ground = self.ground if style.ground in {None, "transparent"} else style.ground
        is_invisible = self.is_invisible if style.is_invisible is None else style.is_invisible
        is_tiny = self.is_tiny if style.is_tiny is None else style.is_tiny
        is_gone = self.is_gone or style.is_gone
        return Ground(
            is_silent=self.is_silent,
            is_gone=is_gone,
            is_invisible=is_invisible,
            is_tiny=is_tiny,
            colour=colour,
            ground=ground or WHITE,
            is_hidden=is_gone or is_invisible or is_tiny or _is_lost(colour, ground or WHITE),
        )


def _is_lost(colour: Colour | str, ground: Colour | str) -> bool:
    if isinstance(colour, str):
        return colour == "transparent"
    return not isinstance(ground, str) and are_near(colour, ground)
