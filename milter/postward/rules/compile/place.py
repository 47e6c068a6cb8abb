# SPDX-License-Identifier: GPL-3.0-or-later
"""A value of a rule file, where it stands, and the faults that are found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from postward.config.closest import closest
from postward.config.document.compose import shown
from postward.config.document.node import MappingNode, ScalarNode, SequenceNode
from postward.config.document.plain import plain
from postward.errors import ConfigError, PostwardError

if TYPE_CHECKING:
    from collections.abc import Collection

    from postward.config.document.node import Node
    from postward.config.document.plain import Plain

MAX_FAULTS = 100
MAX_TEXT_CHARS = 20_000
_MAX_LISTED = 24
_MAX_SHOWN_KEYS = 6
_BOOLEAN_HINT = "put it in quotes: without them yes, no, on, off, true and false are no text"
_NUMBER_HINT = "put the number in quotes"
_BRACKET_HINT = "put text that begins with [ or { in quotes"


class Faulty(PostwardError):
    """A value is not usable; the fault itself has been noted."""


@dataclass(slots=True)
class Faults:
    """All that is wrong, and what is probably not meant."""

    errors: list[ConfigError] = field(default_factory=list)
    warnings: list[ConfigError] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """There is no use in going on."""
        return len(self.errors) >= MAX_FAULTS

    def collected(self) -> Self:
        """Go on behind what is faulty, as in ``with faults.collected():``."""
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> bool:
        return kind is not None and issubclass(kind, Faulty) and not self.is_full


@dataclass(frozen=True, slots=True)
class Place:
    """One value; ``key`` is its dotted path, and ``line`` where it begins."""

    path: str
    key: str
    line: int
    node: Node
    faults: Faults
    key_line: int = 0

    def fault(self, message: str, hint: str = "") -> Faulty:
        """Note a fault of this value, and give what ends the reading of it."""
        self.faults.errors.append(ConfigError(self.path, self.line, self.key, message, hint))
        return Faulty(message)

    def key_fault(self, message: str, hint: str = "") -> Faulty:
        """Note a fault of its key."""
        self.faults.errors.append(ConfigError(self.path, self.key_line or self.line, self.key, message, hint))
        return Faulty(message)

    def warn(self, message: str, hint: str = "") -> None:
        """Note what is probably not meant."""
        self.faults.warnings.append(ConfigError(self.path, self.key_line or self.line, self.key, message, hint))

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.path}:{self.key_line or self.line}"

    @property
    def is_mapping(self) -> bool:
        """It has keys."""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """It has items."""
        return isinstance(self.node, SequenceNode)

    @property
    def scalar(self) -> str | int | float | bool | None:
        """The value itself; None where it is a list or a mapping too."""
        return self.node.value if isinstance(self.node, ScalarNode) else None

    def plain(self) -> Plain:
        """All of it as plain values."""
        return plain(self.node)

    def mapping(self, known: Collection[str] | None = None) -> dict[str, Place]:
        """Its keys; all of them must be ``known``, and every one that is not is a fault of its own."""
        if not isinstance(self.node, MappingNode):
            raise self.fault("must be a mapping of keys to values", _mapping_hint(self.scalar, known))
        found: dict[str, Place] = {}
        for name, entry in self.node.entries.items():
            place = self._at(f"{self.key}.{shown(name)}" if self.key else shown(name), entry.node, entry.key_line)
            if known is not None and name not in known:
                place.key_fault("unknown key", did_you_mean(name, known))
            else:
                found[name] = place
        if self.node.entries and not found:
            raise Faulty
        return found

    def below(self, path: tuple[str | int, ...]) -> Place:
        """What stands at a path below it, or the nearest above that."""
        place: Place = self
        for part in path:
            children = place.mapping() if place.is_mapping else {}
            items = place.items() if place.is_list else []
            if isinstance(part, str) and part in children:
                place = children[part]
            elif isinstance(part, int) and part < len(items):
                place = items[part]
            else:
                break
        return place

    def items(self) -> list[Place]:
        """Its items."""
        if not isinstance(self.node, SequenceNode):
            raise self.fault("must be a list", "write [value] or one value a line, each after a dash")
        return [self._at(f"{self.key}[{index}]", item) for index, item in enumerate(self.node.items)]

    def item_or_items(self) -> list[Place]:
        """Its items; a single value is a list of one."""
        return self.items() if self.is_list else [self]

    def text(self, *, may_be_empty: bool = False) -> str:
        """Give text, and nothing that YAML takes for something else."""
        value = self.scalar
        if isinstance(value, bool):
            raise self.fault("must be text", _BOOLEAN_HINT)
        if isinstance(value, int | float):
            raise self.fault("must be text", _NUMBER_HINT)
        if value is None:
            if isinstance(self.node, ScalarNode):
                raise self.fault("has no value")
            raise self.fault("must be text", _BRACKET_HINT)
        if not value and not may_be_empty:
            raise self.fault("is empty")
        if len(value) > MAX_TEXT_CHARS:
            raise self.fault(f"is longer than {MAX_TEXT_CHARS} characters")
        return value

    def choice(self, words: Collection[str]) -> str:
        """Give one of several words."""
        value = self.scalar
        text = value if isinstance(value, str) else ""
        if text in words:
            return text
        near = closest(text, tuple(words)) if text else None
        raise self.fault(f"must be one of {', '.join(words)}", f"did you mean {near}?" if near else "")

    def truth(self) -> bool:
        """Give true or false."""
        if not isinstance(self.scalar, bool):
            raise self.fault("must be true or false")
        return self.scalar

    def whole_number(self, least: int, most: int) -> int:
        """Give a whole number within bounds."""
        value = self.scalar
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault("must be a whole number")
        if not least <= value <= most:
            raise self.fault(f"must be from {least} to {most}")
        return value

    def number(self, least: float, most: float) -> float:
        """Give a number within bounds."""
        value = self.scalar
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault("must be a number")
        if not least <= value <= most:
            raise self.fault(f"must be from {least:g} to {most:g}")
        return float(value)

    def _at(self, key: str, node: Node, key_line: int = 0) -> Place:
        return Place(self.path, key, node.line, node, self.faults, key_line)


def _mapping_hint(scalar: object, known: Collection[str] | None) -> str:
    if scalar is None or not known or len(known) > _MAX_SHOWN_KEYS:
        return "indent its keys below it"
    return f"write {{{next(iter(known))}: ...}}; its keys are {', '.join(known)}"


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Give a hint for a word that is not known: the one that was probably meant, or all that are known."""
    near = closest(word, tuple(known))
    if near:
        return f"did you mean {near}?"
    return f"known here: {', '.join(known)}" if len(known) <= _MAX_LISTED else "docs/rules-reference.md has them all"
