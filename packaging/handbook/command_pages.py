# SPDX-License-Identifier: GPL-3.0-or-later
"""The man pages of the commands: one for ``postward``, one for each of its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.roff import (
    bold,
    called,
    entry,
    escaped,
    heading,
    inline,
    italic,
    lines,
    page,
    page_reference,
    page_references,
    paragraph,
    sub_heading,
    title,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handbook.command import CommandText, OptionText

EXIT_STATUS = (
    ("0", "It is done, or all is well."),
    (
        "1",
        "The answer is no: something does not work, nothing was found, a test fails. The commands say what it means.",
    ),
    ("2", "It was called wrongly, or the configuration has faults; each is told with file and line."),
    ("75", "Something that is needed does not answer just now; try again."),
)
FILES = (
    ("/etc/postward/postward.yaml", "The configuration; see `postward.yaml`(5). Without it the defaults hold."),
    ("/etc/postward/rules.d/*.yaml", "Transport rules."),
    ("/etc/postward/domains.d/*.yaml", "Hosted domains, one file each."),
    ("/etc/postward/keys", "Keys that sign."),
    ("/var/lib/postward", "What is kept from one start to the next (`state_dir`)."),
)
_EACH = (
    "The milter itself is `postward run`; the other commands look at it, at its configuration and at mail."
    " Each has a page of its own."
)


def command_pages(program: CommandText) -> Iterator[tuple[str, str]]:
    """File name and text of each."""
    yield "postward.1", _program_page(program)
    for command in program.commands:
        yield f"{page_name(command)}.1", _command_page(command)


def page_name(command: CommandText) -> str:
    """The name of its page, without the section."""
    return "-".join(command.words)


def option_entries(options: Sequence[OptionText]) -> str:
    """What the options of a command are."""
    return "".join(entry(_option_term(option), option.meaning) for option in options)


def status_section() -> str:
    """What all commands end with."""
    return heading("EXIT STATUS") + "".join(entry(bold(status), meaning) for status, meaning in EXIT_STATUS)


def files_section() -> str:
    """Where things are."""
    return heading("FILES") + "".join(entry(italic(path), meaning) for path, meaning in FILES)


def _program_page(program: CommandText) -> str:
    return page(
        title("postward", 1),
        _name_section("postward", "run, check and ask the mail filter Postward"),
        heading("SYNOPSIS"),
        lines(called("postward [OPTIONS] COMMAND ...")),
        heading("DESCRIPTION"),
        *(paragraph(text) for text in program.paragraphs),
        paragraph(_EACH),
        heading("OPTIONS"),
        entry(bold("--version"), "Say which version this is."),
        entry(f"{bold('-h')}, {bold('--help')}", "Show the help; behind a command, that of the command."),
        heading("COMMANDS"),
        *(
            f".TP\n{page_reference(page_name(command), 1)}\n{lines(inline(command.summary + '.'))}"
            for command in program.commands
        ),
        status_section(),
        files_section(),
        _see_also(("postward.yaml", 5), ("postward", 8)),
    )


def _command_page(command: CommandText) -> str:
    return page(
        title(page_name(command), 1),
        _name_section(page_name(command), command.summary),
        heading("SYNOPSIS"),
        *(f".PP\n{lines(called(each.called))}" for each in _leaves(command)),
        heading("DESCRIPTION"),
        *(paragraph(text) for text in command.paragraphs),
        _options_section(command),
        _commands_section(command),
        status_section(),
        _see_also(("postward", 1), ("postward.yaml", 5), ("postward", 8)),
    )


def _options_section(command: CommandText) -> str:
    asked = entry(f"{bold('-h')}, {bold('--help')}", "Show the help.")
    return heading("OPTIONS") + option_entries(command.options) + asked


def _commands_section(command: CommandText) -> str:
    if not command.commands:
        return ""
    return heading("COMMANDS") + "".join(_below(each) for each in _leaves(command))


def _leaves(command: CommandText) -> Iterator[CommandText]:
    """Those that can be called."""
    if not command.commands:
        yield command
    for each in command.commands:
        yield from _leaves(each)


def _below(command: CommandText) -> str:
    return "".join(
        (
            sub_heading(" ".join((*command.words, *command.arguments))),
            *(paragraph(text) for text in command.paragraphs),
            option_entries(command.options),
        )
    )


def _name_section(name: str, summary: str) -> str:
    lowered = summary[:1].lower() + summary[1:]
    return f"{heading('NAME')}{escaped(name)} \\- {escaped(lowered)}\n"


def _option_term(option: OptionText) -> str:
    names = ", ".join(bold(name) for name in option.names)
    return f"{names} {italic(option.value)}" if option.value else names


def _see_also(*pages: tuple[str, int]) -> str:
    return heading("SEE ALSO") + page_references(*pages)
