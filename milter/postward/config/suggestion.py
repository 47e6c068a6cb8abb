"""Guess which key was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.config.closest import closest
from postward.config.schema.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator


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
