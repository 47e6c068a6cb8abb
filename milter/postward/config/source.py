# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the values of a configuration stand: file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.config.document.plain import KeyPath, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, and the lines of its keys and values."""

    path: str
    positions: Mapping[KeyPath, Position] = field(default_factory=lambda: MappingProxyType({}))

    def line_of(self, path: KeyPath) -> int:
        """Line of the value at a key path, or of what is nearest above it; 0 where nothing of it is written."""
        position = self._nearest(path)
        return position.value_line if position else 0

    def key_line(self, path: KeyPath) -> int:
        """Line of the key itself; 0 where it is not written."""
        position = self._nearest(path)
        return position.key_line if position else 0

    def _nearest(self, path: KeyPath) -> Position | None:
        # The empty path is the document as a whole; it is no answer for a key that is not written.
        for length in range(len(path), 0, -1) or (0,):
            position = self.positions.get(path[:length])
            if position is not None:
                return position
        return None


NOWHERE = Source(path="")
"""Of defaults that no file was read for."""
