# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of commands each of which is imported only when it is called."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """So that each command starts with as little as possible; ``list_commands`` keeps the order of the table."""

    def __init__(self, *arguments: Any, commands_help: Mapping[str, str], modules: str, **options: Any) -> None:
        """``commands_help``: what each command does, by name; ``modules``: what the name of its module begins with."""
        super().__init__(*arguments, **options)
        self.commands_help = commands_help
        self._modules = modules

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Say what may stand here, likewise without importing any."""
        named = [
            CompletionItem(name, help=text) for name, text in self.commands_help.items() if name.startswith(incomplete)
        ]
        return named + click.Command.shell_complete(self, ctx, incomplete)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give their names."""
        return list(self.commands_help)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one; None where there is none of that name."""
        if cmd_name not in self.commands_help:
            return None
        command = getattr(importlib.import_module(f"{self._modules}{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - a defect of the table
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the help without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.commands_help.items()))
