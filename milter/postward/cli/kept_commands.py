# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands ``list`` and ``show``, the same for every store of kept messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from postward.cli.kept_context import config_option, filter_options, readable
from postward.cli.kept_show import list_kept, show_kept
from postward.cli.kept_text import KeptFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.config import Configuration
    from postward.spool.kept_message import KeptMessage
    from postward.spool.message_store import MessageStore


def add_reading_commands(
    group: click.Group,
    store_of: Callable[[Configuration], MessageStore],
    as_table: Callable[[Sequence[KeptMessage]], str],
) -> None:
    """Give them to a group."""

    @group.command(name="list")
    @filter_options
    @config_option
    def list_messages(config: Configuration, *, as_json: bool, **conditions: object) -> None:
        """List the messages, the oldest first.

        Exit status: 0 done, 1 a message cannot be read.
        """
        store = readable(store_of(config), config)
        list_kept(store, KeptFilter(**conditions), as_table, as_json=as_json)  # type: ignore[arg-type]

    @group.command()
    @click.argument("message_id", metavar="ID")
    @click.option("--raw", is_flag=True, help="Print the message itself, as it would be delivered.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @config_option
    def show(config: Configuration, message_id: str, *, raw: bool, as_json: bool) -> None:
        """Show what is known of a message, and how it begins.

        Exit status: 0 done, 1 there is no such message.
        """
        show_kept(readable(store_of(config), config), message_id, raw=raw, as_json=as_json)
