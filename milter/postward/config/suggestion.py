"""Guess which key was meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from postward.config.schema.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_COMPARED_LENGTH = 64


def closest(word: str, known: Sequence[str]) -> str | None:
    """The known word that ``word`` is most likely a slip of; None where nothing is near."""
    if len(word) > _MAX_COMPARED_LENGTH:
        return None
    matches = difflib.get_close_matches(word.lower().replace("-", "_"), known, n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggest_key(root: type[Section], path: tuple[str, ...]) -> str:
    """A hint for an unknown key: one of its section that looks like it, or the section that has a key so called."""
    *parents, name = path
    siblings = tuple(section_at(root, tuple(parents)).model_fields)
    near = closest(name, siblings)
    elsewhere = [place for place in _all_keys(root, ()) if place[-1] == name]
    if len(elsewhere) == 1:
        return f"did you mean {'.'.join(elsewhere[0])}?"
    if near is not None:
        return f"did you mean {near}?"
    return f"known here: {', '.join(siblings)}"


def section_at(root: type[Section], path: tuple[str, ...]) -> type[Section]:
    """The section class at a key path."""
    section = root
    for name in path:
        section = _subsection(section, name) or section
    return section


def _subsection(section: type[Section], name: str) -> type[Section] | None:
    annotation = section.model_fields[name].annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def _all_keys(section: type[Section], prefix: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name in section.model_fields:
        yield (*prefix, name)
        below = _subsection(section, name)
        if below is not None:
            yield from _all_keys(below, (*prefix, name))
