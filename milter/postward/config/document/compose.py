# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML events to a tree of nodes, within bounds on depth and size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from postward.config.document.node import Entry, MappingNode, ScalarNode, SequenceNode
from postward.config.document.scalar import plain_value
from postward.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.config.document.node import Node

MAX_DEPTH = 24
MAX_NODES = 50_000
"""Aliases count as what they stand for, so that a few lines cannot stand for billions of nodes."""
MAX_FAULTS = 100
_MAX_KEY_LENGTH = 2_048
_FORBIDDEN_CHARACTER = "holds a character that YAML does not allow"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_YAML_HINTS = {
    "found character '\\t' that cannot start any token": "indent with spaces, not with tabs",
    "mapping values are not allowed here": "put a value that holds a colon and a space in quotes",
    "expected ',' or ']', but got": "a [ before this is not closed",
    "expected ',' or '}', but got": "a { before this is not closed",
}


def compose(path: str, text: str) -> tuple[Node | None, list[ConfigError]]:
    """The document's tree (None for an empty one) and its duplicate keys.

    Raises ConfigErrors where the text is no YAML, or more than the bounds allow.
    """
    composer = _Composer(path, text)
    try:
        return composer.document(), composer.errors
    except yaml.MarkedYAMLError as error:
        fault = _marked_fault(path, error)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        fault = ConfigError(path, line, "", _FORBIDDEN_CHARACTER)
    except (ValueError, OverflowError):
        # PyYAML lets these out for an escape beyond Unicode and for a version of thousands of digits.
        fault = ConfigError(path, composer.line, "", "holds a number that YAML does not allow")
    except ConfigError as error:
        fault = error
    raise ConfigErrors([*composer.errors, fault])


def _marked_fault(path: str, error: yaml.MarkedYAMLError) -> ConfigError:
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    problem = error.problem or "is not YAML"
    hint = next((hint for beginning, hint in _YAML_HINTS.items() if problem.startswith(beginning)), "")
    return ConfigError(path, line, "", problem, hint)


class _Composer:
    """Reads events one by one; stops at the first that breaks a bound, long before memory suffers."""

    def __init__(self, path: str, text: str) -> None:
        self.errors: list[ConfigError] = []
        self.line = 1
        """Where the last event began, for faults that do not say where they are."""
        self._path = path
        self._text = text
        self._anchors: dict[str, Node] = {}
        self._nodes = 0
        self._keys: list[str] = []

    def document(self) -> Node | None:
        events = yaml.parse(self._text, Loader=yaml.SafeLoader)
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._fault(event, "holds a second document", "remove the line ---")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
        return root

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        self._count(event, 1, depth)
        if getattr(event, "tag", None) is not None:
            raise self._fault(event, "has a tag (!), which configuration does not use")
        node = self._build(event, events, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _build(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        match event:
            case yaml.ScalarEvent():
                text = self._checked(event)
                return ScalarNode(line=_line(event), value=plain_value(text) if event.style is None else text)
            case yaml.SequenceStartEvent():
                return self._sequence(event, events, depth)
            case _:
                return self._mapping(event, events, depth)

    def _alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        name = event.anchor or ""
        node = self._anchors.get(name)
        # A node gets its anchor when it is complete, so an alias inside its own anchor ends here too.
        if node is None:
            raise self._fault(event, f"no anchor &{name[:64]} stands before this alias")
        self._count(event, node.size, depth + node.height - 1)
        return node

    def _sequence(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> SequenceNode:
        sequence = SequenceNode(line=_line(event))
        for item in events:
            if not isinstance(item, yaml.NodeEvent):
                break
            sequence.append(self._node(item, events, depth + 1))
        return sequence

    def _mapping(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> MappingNode:
        mapping = MappingNode(line=_line(event))
        for key_event in events:
            if not isinstance(key_event, yaml.NodeEvent):
                break
            key = self._key(key_event)
            self._keys.append(key)
            node = self._node(next(events), events, depth + 1)  # type: ignore[arg-type]
            self._enter(mapping, key, Entry(_line(key_event), node))
            self._keys.pop()
        return mapping

    def _enter(self, mapping: MappingNode, key: str, entry: Entry) -> None:
        first = mapping.entries.get(key)
        if first is None:
            mapping.set(key, entry)
            return
        name = ".".join(shown(part) for part in self._keys)
        hint = f"it stands in line {first.key_line} already; keep one of the two"
        self.errors.append(ConfigError(self._path, entry.key_line, name, "duplicate key", hint))
        if len(self.errors) >= MAX_FAULTS:
            raise ConfigError(self._path, entry.key_line, "", "has too many faults to list them all")

    def _key(self, event: yaml.NodeEvent) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
            raise self._fault(event, "a key must be plain text")
        if len(event.value) > _MAX_KEY_LENGTH:
            raise self._fault(event, f"a key is longer than {_MAX_KEY_LENGTH} characters")
        return self._checked(event)

    def _checked(self, event: yaml.ScalarEvent) -> str:
        """The text, which an escape may have given half a character that no path or name can hold."""
        text = str(event.value)
        if _LONE_SURROGATE.search(text):
            raise self._fault(event, _FORBIDDEN_CHARACTER)
        return text

    def _count(self, event: yaml.Event, nodes: int, depth: int) -> None:
        self.line = _line(event)
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._fault(event, f"holds more than {MAX_NODES} values")
        if depth > MAX_DEPTH:
            raise self._fault(event, f"is nested deeper than {MAX_DEPTH} levels")

    def _fault(self, event: yaml.Event, message: str, hint: str = "") -> ConfigError:
        return ConfigError(self._path, _line(event), "", message, hint)


def shown(key: str) -> str:
    """A key as it may stand in a message to a terminal: bounded, and nothing in it but printable characters."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in key[:80])


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 0
