# SPDX-License-Identifier: GPL-3.0-or-later
"""Guess which key was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from postward.config.closest import closest
from postward.config.schema.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator


def suggest_key(root: type[Section], path: tuple[str | int, ...]) -> str:
    """A hint for an unknown key: one of its section that looks like it, or the section that has a key so called."""
    *parents, name = (part for part in path if isinstance(part, str))
    siblings = tuple(section_at(root, tuple(parents)).model_fields)
    near = closest(name, siblings)
    elsewhere = [place for place in _all_keys(root, ()) if place[-1] == name]
    if len(elsewhere) == 1:
        return f"did you mean {'.'.join(elsewhere[0])}?"
    if near is not None:
        return f"did you mean {near}?"
    return f"known here: {', '.join(siblings)}"


def section_at(root: type[Section], path: tuple[str, ...]) -> type[Section]:
    """The section class at a key path, whose list indexes are left out."""
    section = root
    for name in path:
        section = _subsection(section, name) or section
    return section


def _subsection(section: type[Section], name: str) -> type[Section] | None:
    """The section that a key holds, itself or as the items of a list."""
    field = section.model_fields.get(name)
    annotation = field.annotation if field else None
    candidates = (annotation, *get_args(annotation))
    return next((kind for kind in candidates if isinstance(kind, type) and issubclass(kind, Section)), None)


def _all_keys(section: type[Section], prefix: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name in section.model_fields:
        yield (*prefix, name)
        below = _subsection(section, name)
        if below is not None:
            yield from _all_keys(below, (*prefix, name))
