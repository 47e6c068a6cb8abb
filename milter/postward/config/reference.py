# SPDX-License-Identifier: GPL-3.0-or-later
"""The commented reference configuration, generated from the schema: ``python -m postward.config.reference``.

Every key stands there with its default, commented out without a space after the ``#``, so the file works as it is
and taking a ``#`` away sets a key.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from postward.config.description import described
from postward.config.document.scalar import plain_value

if TYPE_CHECKING:
    from postward.config.description import Described

_WIDTH = 100
_HEAD = """\
# The configuration of Postward: every key, its meaning and its default.  All keys are commented
# out, so this file changes nothing as it is; take the # before a key away to set it.  Durations are
# in seconds (_s), sizes in bytes (_bytes).  `postward check` tells what is wrong with the file, and
# a reload (SIGHUP) puts it into force.
"""
_PLAIN_TEXT = re.compile(r"[A-Za-z/][A-Za-z0-9/._-]*(?::[A-Za-z0-9/._-]+)*")


def reference() -> str:
    """The text of conf/postward.yaml."""
    return _HEAD + "".join(_section(item) if item.is_section else _key(item) for item in described())


def _section(section: Described) -> str:
    return f"\n{_comment(section.meaning, section.level)}{_indent(section.level)}{section.name}:\n"


def _key(key: Described) -> str:
    blank = "" if key.level else "\n"
    value = _wrapped(f"{key.name}: {to_yaml(key.default)}", f"{_indent(key.level)}#")
    return blank + _comment(key.meaning, key.level) + value


def _comment(text: str, level: int) -> str:
    return _wrapped(text, f"{_indent(level)}# ")


def _wrapped(text: str, lead: str) -> str:
    """Lines that begin with ``lead``; a list may break at any of its spaces."""
    lines = textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in lines)


def _indent(level: int) -> str:
    return "  " * level


def to_yaml(value: object) -> str:
    """A default as it is written in YAML, on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:.15g}"
        case tuple():
            return f"[{', '.join(to_yaml(item) for item in value)}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {to_yaml(item)}' for key, item in value.items())}}}"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    plain = _PLAIN_TEXT.fullmatch(text) and isinstance(plain_value(text), str)
    return text if plain else json.dumps(text)


if __name__ == "__main__":
    sys.stdout.write(reference())
