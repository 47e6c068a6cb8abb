# SPDX-License-Identifier: GPL-3.0-or-later
"""Read text with places: ``{from.domain}``, ``{label}`` of a pattern, ``{map.labels[label]}``; ``{{`` is a brace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.rules.compile.catalogue import VALUE_ATTRIBUTES
from postward.rules.compile.place import did_you_mean
from postward.rules.conditions.attributes.directory import WHOSE, attribute_of
from postward.rules.text_template import Fill, TextTemplate, from_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.attribute import Attribute
    from postward.rules.conditions.base import Subject

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+", re.ASCII)
_MAP = re.compile(r"map\.([A-Za-z0-9_-]+)\[([A-Za-z0-9_.-]+)\]", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*", re.ASCII)
_MAX_PLACES = 50


def text_template(place: Place, context: Context, captures: frozenset[str]) -> TextTemplate:
    """Read the text at a place; ``captures`` are the groups that the rule's patterns have."""
    return template_of(place.text(), place, context, captures)


def template_of(text: str, place: Place, context: Context, captures: frozenset[str]) -> TextTemplate:
    """Read ``text``, whose faults are those of a place."""
    reader = _Reader(place, context, captures)
    pieces = tuple(reader.piece(found) for found in _PIECE.finditer(text))
    if sum(callable(piece) for piece in pieces) > _MAX_PLACES:
        raise place.fault(f"has more than {_MAX_PLACES} places")
    return TextTemplate(
        pieces=pieces,
        needs=frozenset().union(*(attribute.needs for attribute in reader.attributes)),
        is_per_recipient=any(attribute.is_per_recipient for attribute in reader.attributes),
    )


class _Reader:
    def __init__(self, place: Place, context: Context, captures: frozenset[str]) -> None:
        self._place = place
        self._context = context
        self._captures = captures
        self.attributes: list[Attribute] = []

    def piece(self, found: re.Match[str]) -> str | Fill:
        """Read one piece."""
        text, name = found.group(), found.group(1)
        if name is not None:
            return self._filled(name.strip())
        if text in ("{{", "}}"):
            return text[0]
        if text in ("{", "}"):
            raise self._place.fault("has a brace alone", "write {{ or }} for a brace in the text")
        return text

    def _filled(self, name: str) -> Fill:
        from_a_map = _MAP.fullmatch(name)
        if from_a_map is None:
            return self._named(name)
        map_name, key = from_a_map.groups()
        entries = self._context.maps.get(map_name)
        if entries is None:
            hint = did_you_mean(map_name, tuple(self._context.maps)) if self._context.maps else "write it below maps"
            raise self._place.fault("there is no such map", hint)
        return from_map(map_name, entries, self._named(key))

    def _named(self, name: str) -> Fill:
        if name in self._captures:
            return lambda _subject, captures: captures.get(name, "")
        if name == "rule.id":
            rule = self._context.rule
            return lambda _subject, _captures: rule
        if name == "message.id":
            return lambda subject, _captures: subject.message.id
        attribute = _attribute(name)
        if attribute is None:
            known = (*sorted(self._captures), "rule.id", "message.id", *VALUE_ATTRIBUTES)
            raise self._place.fault(f"nothing is called {{{name[:80]}}}", did_you_mean(name, known))
        self.attributes.append(attribute)
        return _first_of(attribute)


def _attribute(name: str) -> Attribute | None:
    if not _NAME.fullmatch(name):
        return None
    if name in VALUE_ATTRIBUTES:
        return VALUE_ATTRIBUTES[name]
    whose, _, key = name.partition(".")
    # Anything else of sender or recipient is an attribute that the directory may have.
    return attribute_of(whose, key.removeprefix("attribute.")) if whose in WHOSE and key else None


def _first_of(attribute: Attribute) -> Fill:
    def fill(subject: Subject, _captures: Mapping[str, str]) -> str:
        values = attribute.read(subject.message)
        return values[0] if values else ""

    return fill
