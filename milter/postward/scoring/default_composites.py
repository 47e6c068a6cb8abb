"""The composites that hold where nothing is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.scoring.composite import Composite

DEFAULT_COMPOSITES: tuple[Composite, ...] = ()
