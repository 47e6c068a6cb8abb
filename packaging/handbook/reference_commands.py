# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reference/commands.md: every command with its arguments and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.command_pages import EXIT_STATUS
from handbook.markdown import NOTE, code, inline, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handbook.command import CommandText

_HEAD = """\
# Commands

Each is told with `-h` too, and has a manual page: `man postward`, `man postward-check`. With the package
comes completion for bash, zsh and fish.
"""


def commands_page(program: CommandText) -> str:
    """Its text."""
    statuses = table(("exit status", "meaning"), ((code(status), inline(text)) for status, text in EXIT_STATUS))
    parts = [NOTE, _HEAD, statuses, *(part for command in program.commands for part in _command(command))]
    return "\n".join(parts)


def _command(command: CommandText) -> Iterator[str]:
    yield f"{'#' * len(command.words)} {' '.join(command.words)}\n"
    yield from (f"{inline(text)}\n" for text in command.paragraphs)
    if not command.commands:
        yield f"    {command.called}\n"
    if command.options:
        yield table(
            ("option", "meaning"),
            (
                (", ".join(code(f"{name} {option.value}".rstrip()) for name in option.names), inline(option.meaning))
                for option in command.options
            ),
        )
    for below in command.commands:
        yield from _command(below)
