# SPDX-License-Identifier: GPL-3.0-or-later
"""A command of ``postward`` as its help has it, read from click without what differs between click's versions."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from postward.cli.lazy_group import LazyGroup
from postward.cli.main import postward

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionText:
    """One option."""

    names: tuple[str, ...]
    value: str
    """What stands behind it; "" for a flag."""
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandText:
    """One command, with those below it."""

    words: tuple[str, ...]
    """As it is called: ``postward keys new``."""
    summary: str
    """What it does, on one line, without a full stop."""
    paragraphs: tuple[str, ...]
    arguments: tuple[str, ...]
    options: tuple[OptionText, ...]
    commands: tuple[CommandText, ...]

    @property
    def called(self) -> str:
        """As it is called, with what may follow."""
        options = ("[OPTIONS]",) if self.options or self.commands else ()
        below = ("COMMAND", "...") if self.commands else ()
        return " ".join((*self.words, *options, *self.arguments, *below))


def whole_program() -> CommandText:
    """Postward itself, with all its commands."""
    return _read(postward, ("postward",), "")


def _read(command: click.Command, words: tuple[str, ...], summary: str) -> CommandText:
    context = click.Context(command, info_name=words[-1])
    paragraphs = _paragraphs(command.help or "")
    return CommandText(
        words=words,
        summary=(summary or paragraphs[0]).partition(": ")[0].rstrip("."),
        paragraphs=paragraphs,
        arguments=tuple(_argument(each) for each in command.params if isinstance(each, click.Argument)),
        options=tuple(_option(each) for each in command.params if isinstance(each, click.Option) and not each.hidden),
        commands=tuple(_commands(command, context, words)),
    )


def _commands(command: click.Command, context: click.Context, words: tuple[str, ...]) -> Iterator[CommandText]:
    if not isinstance(command, click.Group):
        return
    short = command.commands_help if isinstance(command, LazyGroup) else {}
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is not None and not below.hidden:
            yield _read(below, (*words, name), short.get(name, ""))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def _argument(argument: click.Argument) -> str:
    if argument.metavar:
        return argument.metavar
    name = (argument.name or "").upper()
    repeated = f"{name}..." if argument.nargs == -1 else name
    return repeated if argument.required else f"[{repeated}]"


def _option(option: click.Option) -> OptionText:
    told = (option.help or "", *_default(option), *_range(option))
    return OptionText(
        names=(*option.opts, *option.secondary_opts),
        value="" if option.is_flag else option.metavar or _value(option),
        meaning=" ".join(part for part in told if part),
    )


def _default(option: click.Option) -> Iterator[str]:
    if option.show_default and not option.is_flag:
        default = option.default
        yield f"Usually {default:g}." if isinstance(default, int | float) else f"Usually {default}."


def _range(option: click.Option) -> Iterator[str]:
    kind = option.type
    if isinstance(kind, click.IntRange | click.FloatRange):
        if kind.min is not None and kind.max is not None:
            yield f"From {kind.min} to {kind.max}."
        elif kind.min is not None:
            yield f"{kind.min} at least."


def _value(option: click.Option) -> str:
    kind = option.type
    match kind:
        case click.Choice():
            return "|".join(map(str, kind.choices))
        case click.Path():
            return "PATH" if kind.file_okay else "DIRECTORY"
        case click.types.IntParamType() | click.types.FloatParamType() | click.IntRange() | click.FloatRange():
            return "NUMBER"
        case _:
            return "TEXT"
