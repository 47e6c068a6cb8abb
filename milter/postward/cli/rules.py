"""``postward rules``: check, show, try and replay transport rules."""

from __future__ import annotations

import importlib

import click

_COMMANDS = {
    "lint": "Find faults, and what is probably not meant.",
    "order": "Show the rules in the order in which they are asked.",
    "test": "Run the tests beside the rules, or the rules on one message.",
    "explain": "Say for each condition what was asked, and what was seen.",
    "replay": "Ask the rules about stored mail, and compare them with others.",
}


class _Commands(click.Group):
    """Imports a subcommand only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(f"postward.cli.rules_{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - a defect of the table above
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands)
def rules() -> None:
    """Check, show, try and replay transport rules (rules.d beside postward.yaml)."""
