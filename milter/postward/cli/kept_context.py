# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands about kept messages have in common."""

from __future__ import annotations

import os
import pwd
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postward.app.configuration_file import configuration_in_force
from postward.errors import PermanentFailure, TemporaryFailure, UsageError
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.config import Configuration
    from postward.spool.message_store import MessageStore

EXIT_NO = 1
EXIT_TRY_AGAIN = 75
_UNITS = {"m": 60.0, "h": 3_600.0, "d": 86_400.0}
_DURATION = re.compile(r"([0-9]{1,6})([mhd])", re.ASCII)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --config, as a configuration."""
    return click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path),
        callback=lambda _context, _parameter, path: configuration_in_force(path),
        help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
    )(command)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options by which messages are chosen."""
    for option in (
        click.option(
            "--older-than", metavar="AGE", callback=_age, help="Only those that are older, such as 30m or 7d."
        ),
        click.option("--newer-than", metavar="AGE", callback=_age, help="Only those that are newer."),
        click.option("--subject", default="", help="Only those with this in their subject."),
        click.option("--to", "recipient", default="", help="Only those with this in a recipient."),
        click.option("--from", "sender", default="", help="Only those with this in their envelope sender."),
        click.option("--rule", default="", help="Only those of this rule."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    ):
        command = option(command)
    return command


def readable(store: MessageStore, config: Configuration) -> MessageStore:
    """The store, where this account may read it; raises UsageError."""
    folder = store.folder
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise UsageError(f"{folder} cannot be opened; run this as root, or as the user that Postward runs as")
    if not folder.exists() and not os.access(config.state_dir, os.X_OK) and config.state_dir.exists():
        raise UsageError(f"{config.state_dir} cannot be opened; run this as root, or as the user that Postward runs as")
    return store


def who() -> str:
    """The account that calls, for the record."""
    try:
        name = os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return escape(name)[:64]


def for_each(ids: Iterable[str], work: Callable[[str], str]) -> int:
    """Do something with each message, say what came of it, and return the exit status."""
    status = 0
    for message_id in ids:
        try:
            click.echo(f"{escape(message_id)}: {work(message_id)}")
        except PermanentFailure as error:
            click.echo(f"postward: {escape(message_id)}: {error}", err=True)
            status = status or EXIT_NO
        except TemporaryFailure as error:
            click.echo(f"postward: {escape(message_id)}: {error}; try again", err=True)
            status = EXIT_TRY_AGAIN
    return status


def _age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    form = _DURATION.fullmatch(value)
    if form is None:
        raise click.BadParameter("write 30m, 12h or 7d")
    return int(form[1]) * _UNITS[form[2]]
