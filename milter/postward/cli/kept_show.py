# SPDX-License-Identifier: GPL-3.0-or-later
"""``list`` and ``show`` of kept messages."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from postward.cli.kept_context import EXIT_NO
from postward.cli.kept_text import message_text
from postward.observability.escape import escape
from postward.spool.errors import NoSuchMessageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.cli.kept_text import KeptFilter
    from postward.spool.kept_message import KeptMessage
    from postward.spool.message_store import MessageStore


def list_kept(
    store: MessageStore,
    wanted: KeptFilter,
    as_table: Callable[[Sequence[KeptMessage]], str],
    *,
    as_json: bool,
) -> None:
    """Print the messages that are wanted, and exit: 0 done, 1 a message cannot be read."""
    listing = store.listing()
    found = wanted.chosen(listing, time.time())
    if as_json:
        # Lone surrogates, which stand for octets that are not UTF-8, are escaped by ensure_ascii.
        click.echo(json.dumps([asdict(message) for message in found], indent=2))
    else:
        click.echo(as_table(found) if found else "no messages")
    for fault in listing.faults:
        click.echo(f"postward: {escape(fault)}", err=True)
    raise click.exceptions.Exit(EXIT_NO if listing.faults else 0)


def show_kept(store: MessageStore, message_id: str, *, raw: bool, as_json: bool) -> None:
    """Print one message, or what is known of it; exits with 1 where there is none."""
    try:
        message = store.get(message_id)
        content = store.content(message)
    except NoSuchMessageError as error:
        click.echo(f"postward: {error}", err=True)
        raise click.exceptions.Exit(EXIT_NO) from None
    if raw:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    elif as_json:
        click.echo(json.dumps(asdict(message), indent=2))
    else:
        click.echo(message_text(message, content))
