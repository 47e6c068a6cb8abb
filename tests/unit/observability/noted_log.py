# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any


class NotedLog:
    """Notes what is logged: the event's name and its fields."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def warning(self, event: str, **fields: Any) -> None:
        self.lines.append((event, fields))

    info = error = warning
