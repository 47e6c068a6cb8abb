# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward why``: say why a message was judged as it was, from the local event store."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postward.app.configuration_file import configuration_in_force
from postward.app.scoring import scale_of
from postward.cli.terminal import folded, terminal_width
from postward.cli.why_rules_text import rules_text
from postward.cli.why_text import TEXT_COLUMN, why_text
from postward.errors import UsageError
from postward.observability.escape import escape
from postward.observability.event_reader import find_events
from postward.observability.event_schema import PART_EVENTS, store_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.model.symbol import SymbolDefinition


@click.command()
@click.argument("key", metavar="QUEUE-ID|MESSAGE-ID")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def why(key: str, config: Path | None, as_json: bool) -> None:
    """Say why the message with that queue id or Message-ID was judged as it was; exit 1 if nothing is known of it."""
    configuration = configuration_in_force(config)
    if configuration.events.max_messages == 0:
        raise UsageError("no events are kept: events.max_messages is 0")
    path = store_path(configuration.state_dir)
    events = _find(path, key)
    if as_json:
        # Lone surrogates, which stand for bytes that are not UTF-8, are escaped by ensure_ascii.
        click.echo(json.dumps({"key": key, "events": events}, indent=2))
    elif events:
        told = "\n\n".join(_texts(events, scale_of(configuration).definitions))
        width = terminal_width()
        click.echo("\n".join(part for line in told.split("\n") for part in folded(line, width, indent=TEXT_COLUMN)))
    if not events:
        click.echo(f"postward: nothing is known of {escape(key)}: {_explain(path)}", err=True)
        raise click.exceptions.Exit(1)


def _texts(events: Sequence[Mapping[str, Any]], definitions: Mapping[str, SymbolDefinition]) -> Iterator[str]:
    """Tell each message with its rules; those whose message is not there are told alone."""
    orphans = list(takewhile(_is_part, events))
    if orphans:
        yield "\n".join(
            (f"id {escape(str(orphans[0].get('id')))}: no such message came in whole", *rules_text(orphans))
        )
    for place, event in enumerate(events):
        if not _is_part(event):
            yield why_text(event, list(takewhile(_is_part, events[place + 1 :])), definitions)


def _is_part(event: Mapping[str, Any]) -> bool:
    return event.get("event") in PART_EVENTS


def _find(path: Path, key: str) -> list[dict[str, object]]:
    try:
        return find_events(path, key)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def _explain(path: Path) -> str:
    if path.exists():
        return "no message with such a queue id or Message-ID is stored"
    return f"there is no {path}, so no message has come yet, or Postward runs with another configuration"
