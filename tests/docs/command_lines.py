# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds command lines of Postward in shell text, and says what is wrong with one, by the program's own parser."""

from __future__ import annotations

import re
import shlex

import click

from postward.cli.main import postward

_LINE_END = re.compile(r"\\\n")
_BREAKS = {"|", "||", "&&", ";", "&", ">", ">>", "<", "2>"}


def command_lines(text: str) -> list[list[str]]:
    """Give the arguments of each call of ``postward`` in shell text, without the name of the program."""
    found = []
    for line in _LINE_END.sub(" ", text).splitlines():
        words: list[str] = []
        for word in [*_words(line), ";"]:
            if word not in _BREAKS:
                words.append(word)
                continue
            called = next(
                (at for at, each in enumerate(words) if each == "postward" or each.endswith("/postward")), None
            )
            if called is not None and _is_program(words[:called]):
                found.append(words[called + 1 :])
            words = []
    return found


def fault_of(arguments: list[str], *, whole: bool) -> str | None:
    """Say what is wrong with the arguments; `whole`: all that is required has to be there as well."""
    command: click.Command = postward
    rest = arguments
    context = click.Context(command, info_name="postward")
    while isinstance(command, click.Group):
        if not rest or rest[0].startswith("-"):
            break
        name, rest = rest[0], rest[1:]
        if name.isupper() and not whole:  # any command
            return None
        inner = command.get_command(context, name)
        if inner is None:
            return f"there is no command {name!r}"
        command, context = inner, click.Context(inner, info_name=name, parent=context)
    return _fault_of_options(command, context, rest, whole=whole)


def _fault_of_options(command: click.Command, context: click.Context, rest: list[str], *, whole: bool) -> str | None:
    try:
        values, left, _ = command.make_parser(context).parse_args(list(rest))
    except click.UsageError as error:
        return error.format_message()
    if left:
        return f"too much: {left}"
    if whole and isinstance(command, click.Group) and not (set(rest) & {"-h", "--help", "--version"}):
        return "a command is missing"
    for parameter in command.params if whole else ():
        value = values.get(parameter.name or "")
        if parameter.required and (value is None or value == () or str(value).startswith("Sentinel")):
            return f"{parameter.name} is missing"
        if isinstance(parameter.type, click.Choice) and isinstance(value, str) and value not in parameter.type.choices:
            return f"{value!r} is none of {parameter.type.choices}"
    return None


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:  # a quote that ends on another line: no call of ours has one
        return []


def _is_program(before: list[str]) -> bool:
    """Whether what stands before the name calls it: nothing, variables, or a program that runs programs."""
    runners = {"sudo", "xargs", "exec", "$", "#", "-u", "postward", "-r", "runuser", "--"}
    return all(word in runners or re.fullmatch(r"\w+=.*", word) for word in before)
