# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a document, each with the line that it starts on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarNode:
    """Text, a number, a boolean or nothing."""

    line: int
    value: str | int | float | bool | None
    size: int = 1
    height: int = 1


@dataclass(slots=True, kw_only=True)
class SequenceNode:
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)
    size: int = 1
    """Nodes in this tree, with every alias counted as what it stands for."""
    height: int = 1

    def append(self, node: Node) -> None:
        """Add an item."""
        self.items.append(node)
        self.size += node.size
        self.height = max(self.height, node.height + 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping and its value."""

    key_line: int
    node: Node


@dataclass(slots=True, kw_only=True)
class MappingNode:
    """A mapping; its keys are text as written, never numbers or booleans."""

    line: int
    entries: dict[str, Entry] = field(default_factory=dict)
    size: int = 1
    """Nodes in this tree, with every alias counted as what it stands for."""
    height: int = 1

    def set(self, key: str, entry: Entry) -> None:
        """Add a key that is not there yet."""
        self.entries[key] = entry
        self.size += entry.node.size + 1
        self.height = max(self.height, entry.node.height + 1)


Node = ScalarNode | SequenceNode | MappingNode
