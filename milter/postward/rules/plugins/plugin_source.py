# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin's code before it is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginSource:
    """One file or one module of an installed package, not yet run."""

    module: str
    """Name of the module that it becomes, or under which it is installed."""
    path: str
    """The file; of an installed package its name and version, for people."""
    code: bytes = b""
    """The file's content as it was read, so that all processes run the same; empty for an installed package."""
    is_installed: bool = False

    @property
    def folder(self) -> str:
        """Where modules stand that the file may import; "" for an installed package."""
        return "" if self.is_installed else str(Path(self.path).parent)
