"""``postward quarantine``: messages that rules have kept back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from postward.app.courier_parts import make_release
from postward.app.mark_secret import kept_mark_secret
from postward.app.quarantine import delete_message, release_message
from postward.app.spool_settings import quarantine_store
from postward.cli.kept_context import (
    EXIT_NO,
    config_option,
    filter_options,
    for_each,
    readable,
)
from postward.cli.kept_show import list_kept, show_kept
from postward.cli.kept_text import KeptFilter, quarantine_table
from postward.observability.escape import escape

if TYPE_CHECKING:
    from postward.config import Configuration


@click.group()
def quarantine() -> None:
    """List, show, release and delete messages that rules have kept back."""


@quarantine.command(name="list")
@filter_options
@config_option
def list_messages(config: Configuration, *, as_json: bool, **conditions: object) -> None:
    """List the messages, the oldest first.

    Exit status: 0 done, 1 a message cannot be read.
    """
    store = readable(quarantine_store(config), config)
    list_kept(store, KeptFilter(**conditions), quarantine_table, as_json=as_json)  # type: ignore[arg-type]


@quarantine.command()
@click.argument("message_id", metavar="ID")
@click.option("--raw", is_flag=True, help="Print the message itself, as it would be delivered.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def show(config: Configuration, message_id: str, *, raw: bool, as_json: bool) -> None:
    """Show what is known of a message, and how it begins.

    Exit status: 0 done, 1 there is no such message.
    """
    show_kept(readable(quarantine_store(config), config), message_id, raw=raw, as_json=as_json)


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
