"""``postward``: finds the subcommand, and turns errors into plain words and stable exit codes."""

from __future__ import annotations

import importlib
import sys

import click

from postward import __version__
from postward.errors import ConfigErrors, TemporaryFailure, UsageError

EXIT_USAGE = 2
EXIT_TRY_AGAIN = 75

_COMMANDS = {
    "check": "Try the configuration and everything that the milter needs.",
    "keys": "Make, publish, test and rotate the keys that sign.",
    "moderation": "Decide about messages that wait for a moderator.",
    "mta": "Print the lines that attach Postward to this host's MTA.",
    "quarantine": "List, show, release and delete messages that were kept back.",
    "rules": "Check, show, try and replay transport rules.",
    "run": "Run the milter.",
    "scan": "Judge one stored message, without any side effect.",
    "status": "Say how the running milter is doing.",
    "why": "Say why a message was judged as it was.",
}


class _Commands(click.Group):
    """Imports a subcommand only when it is called, so that ``run`` starts with as little as possible."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(f"postward.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - a defect of the table above
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="postward")
def postward() -> None:
    """One milter beside Postfix or Sendmail: authenticates every message, scores it, and says why."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the answer is no, 2 usage or configuration, 75 try again."""
    try:
        postward.main(args=arguments, prog_name="postward")
    except ConfigErrors as errors:
        for error in errors.errors:
            click.echo(f"postward: {error}", err=True)
        sys.exit(EXIT_USAGE)
    except UsageError as error:
        click.echo(f"postward: {error}", err=True)
        sys.exit(EXIT_USAGE)
    except TemporaryFailure as error:
        click.echo(f"postward: {error}; try again", err=True)
        sys.exit(EXIT_TRY_AGAIN)
