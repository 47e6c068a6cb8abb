# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema says of each key and section, in the order of the reference configuration."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from annotated_types import Ge, Le

from postward.config.schema.root import RootSection
from postward.config.schema.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A key, or a section with the keys that follow."""

    path: tuple[str, ...]
    """Names from the outermost section on."""
    meaning: str
    """In words, with the choices and the range that there are."""
    is_section: bool
    default: Any = None
    """None of a section."""

    @property
    def name(self) -> str:
        """As it is written."""
        return self.path[-1]

    @property
    def level(self) -> int:
        """How many sections it lies in."""
        return len(self.path) - 1


def described(section: type[Section] = RootSection, path: tuple[str, ...] = ()) -> Iterator[Described]:
    """Give all keys and sections below ``section``, which lies at ``path``."""
    for name, field in section.model_fields.items():
        below, at = field.annotation, (*path, name)
        if isinstance(below, type) and issubclass(below, Section):
            yield Described(path=at, meaning=_joined(below.__doc__ or ""), is_section=True)
            yield from described(below, at)
        else:
            default = field.get_default(call_default_factory=True)
            yield Described(path=at, meaning=_meaning(field), is_section=False, default=default)


def _joined(text: str) -> str:
    """The paragraphs of a docstring as one."""
    return "  ".join(" ".join(part.split("\n")) for part in inspect.cleandoc(text).split("\n\n"))


def _meaning(field: FieldInfo) -> str:
    return " ".join(part for part in (field.description, _choices(field), _range(field)) if part)


def _choices(field: FieldInfo) -> str:
    if get_origin(field.annotation) is not Literal:
        return ""
    return f"One of: {', '.join(get_args(field.annotation))}."


def _range(field: FieldInfo) -> str:
    least = next((item.ge for item in field.metadata if isinstance(item, Ge)), None)
    most = next((item.le for item in field.metadata if isinstance(item, Le)), None)
    return f"From {least} to {most}." if least is not None and most is not None else ""
