# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward quarantine``: messages that rules have kept back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from postward.app.courier_parts import make_release
from postward.app.mark_secret import kept_mark_secret
from postward.app.quarantine import delete_message, release_message
from postward.app.spool_settings import quarantine_store
from postward.cli.kept_commands import add_reading_commands
from postward.cli.kept_context import (
    EXIT_NO,
    config_option,
    for_each,
    readable,
)
from postward.cli.kept_text import quarantine_table
from postward.observability.escape import escape

if TYPE_CHECKING:
    from postward.config import Configuration


@click.group()
def quarantine() -> None:
    """List, show, release and delete messages that rules have kept back."""


add_reading_commands(quarantine, quarantine_store, quarantine_table)


@quarantine.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Send it there, and not to its own recipients.")
@click.option("--keep", is_flag=True, help="Leave it in the quarantine.")
@config_option
def release(config: Configuration, ids: tuple[str, ...], to: tuple[str, ...], *, keep: bool) -> None:
    """Hand messages to the MTA (notify.smtp), for their recipients, and delete them once it has taken them.

    They are not judged again.  Exit status: 0 done, 1 there is no such message, or a recipient is refused, 75 the MTA
    does not take it for now.
    """
    store = readable(quarantine_store(config), config)
    door = make_release(config, kept_mark_secret(config.state_dir))
    left: list[str] = []

    def work(message_id: str) -> str:
        released = release_message(store, door, message_id, to=to, keep=keep)
        for recipient, answer in released.refused:
            left.append(recipient)
            click.echo(f"postward: {message_id}: {escape(recipient)}: {answer}", err=True)
        return f"released to {', '.join(escape(recipient) for recipient in released.accepted)}"

    status = for_each(ids, work)
    raise click.exceptions.Exit(status or (EXIT_NO if left else 0))


@quarantine.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def delete(config: Configuration, ids: tuple[str, ...], *, yes: bool) -> None:
    """Delete messages for good.

    Exit status: 0 done, 1 there is no such message, or you said no, 75 somebody works on it.
    """
    store = readable(quarantine_store(config), config)
    if not yes:
        click.confirm(f"Delete {len(ids)} message{'s' if len(ids) > 1 else ''} for good?", abort=True)

    def work(message_id: str) -> str:
        delete_message(store, message_id)
        return "deleted"

    raise click.exceptions.Exit(for_each(ids, work))
