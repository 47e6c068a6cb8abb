# SPDX-License-Identifier: GPL-3.0-or-later
"""A tree of nodes as plain Python values, and where in the file each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.config.document.node import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.config.document.node import Node

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the top of the document to a value."""
Plain = str | int | float | bool | None | list["Plain"] | tuple["Plain", ...] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Position:
    """The line of a key (or list item) and of its value, from 1."""

    key_line: int
    value_line: int


def plain(node: Node, sequence: type[list[Plain] | tuple[Plain, ...]] = list) -> Plain:
    """The node's value; lists become values of the type ``sequence``."""
    match node:
        case ScalarNode(value=value):
            return value
        case SequenceNode(items=items):
            return sequence(plain(item, sequence) for item in items)
        case MappingNode(entries=entries):
            return {key: plain(entry.node, sequence) for key, entry in entries.items()}


def positions(node: Node, path: Sequence[str | int] = ()) -> Iterator[tuple[KeyPath, Position]]:
    """Key path and position of everything below ``node``."""
    for key, key_line, child in _children(node):
        child_path = (*path, key)
        yield child_path, Position(key_line, child.line)
        yield from positions(child, child_path)


def _children(node: Node) -> Iterator[tuple[str | int, int, Node]]:
    match node:
        case SequenceNode(items=items):
            yield from ((index, item.line, item) for index, item in enumerate(items))
        case MappingNode(entries=entries):
            yield from ((key, entry.key_line, entry.node) for key, entry in entries.items())
        case ScalarNode():
            return
