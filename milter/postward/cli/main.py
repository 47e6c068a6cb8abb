# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward``: finds the subcommand, and turns errors into plain words and stable exit codes."""

from __future__ import annotations

import sys

import click

from postward import __version__
from postward.cli.lazy_group import LazyGroup
from postward.errors import ConfigErrors, TemporaryFailure, UsageError

EXIT_USAGE = 2
EXIT_TRY_AGAIN = 75

_COMMANDS = {
    "check": "Try the configuration and everything that the milter needs.",
    "keys": "Make, publish, test and rotate the keys that sign.",
    "moderation": "Decide about messages that wait for a moderator.",
    "mta": "Print the lines that attach Postward to this host's MTA.",
    "quarantine": "List, show, release and delete messages that were kept back.",
    "quota": "Show and reset what has been sent of what may be sent.",
    "reputation": "Show, list, forget, export and import what is known of senders.",
    "rules": "Check, show, try and replay transport rules.",
    "run": "Run the milter.",
    "scan": "Judge one stored message, without any side effect.",
    "status": "Say how the running milter is doing.",
    "symbols": "List what a message may be found to have, what it weighs, and what it means.",
    "why": "Say why a message was judged as it was.",
}


@click.group(
    cls=LazyGroup,
    commands_help=_COMMANDS,
    modules="postward.cli.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
