# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward reputation``: what is known of senders from what they have sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from postward.app.reputation_desk import explained, open_reputation_store
from postward.app.reputation_ranking import Order, stand_outs
from postward.app.reputation_report import explained_report, history_report, ranked_report
from postward.cli.kept_context import EXIT_NO, config_option
from postward.cli.reputation_progress import shown_progress
from postward.cli.reputation_text import explained_lines, history_table, top_table
from postward.cli.reputation_transfer import export, import_file
from postward.cli.terminal import folded, terminal_width
from postward.errors import UsageError
from postward.observability.escape import escape
from postward.reputation.identity_text import KIND_WORDS, identities_meant, parse_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from postward.config import Configuration

    _Read = TypeVar("_Read")

_INDENT = 6
_MOST_SHOWN = 10_000
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_ID = click.argument("identity", metavar="ID")


@click.group()
def reputation() -> None:
    """Show, list, forget, export and import what is known of senders.

    An ID is KIND:NAME: ip:192.0.2.1, net:192.0.2.0/24, asn:64500, a domain behind from:, dkim:, spf:, helo: or org:,
    pair:joe@example.com/192.0.2.1, login:ann, tenant:example.com, or all for everybody. An address, a network or a
    domain alone is understood as well.
    """


@reputation.command()
@_ID
@_JSON
@config_option
def show(config: Configuration, identity: str, *, as_json: bool) -> None:
    """Say what is expected of a sender, and level by level how that comes about.

    Of a domain alone everything is shown that is known by that name. Exit status: 0 known, 1 nothing of its own is
    known, and what is expected of a stranger there is shown, 75 Redis does not answer.
    """
    meant = _read(identities_meant, identity)
    with open_reputation_store(config) as store:
        found = explained(store, meant)
    if as_json:
        click.echo(json.dumps({"identities": [explained_report(each) for each in found]}, indent=2))
    else:
        _echo_folded(line for each in found for line in (*explained_lines(each), ""))
    if not any(each.is_known for each in found):
        raise click.exceptions.Exit(EXIT_NO)


@reputation.command()
@click.option("--kind", type=click.Choice(sorted(KIND_WORDS)), help="Only those of this kind.")
@click.option(
    "--worst", "order", flag_value=Order.WORST, default=True, help="Whose mail is bad most certainly (usual)."
)
@click.option("--best", "order", flag_value=Order.BEST, help="Who is known well for good mail.")
@click.option("--busiest", "order", flag_value=Order.BUSIEST, help="Of whom most messages were seen.")
@click.option("-n", "--count", type=click.IntRange(1, _MOST_SHOWN), default=20, show_default=True, help="How many.")
@_JSON
@config_option
def top(config: Configuration, kind: str | None, order: Order, count: int, *, as_json: bool) -> None:
    """List those who stand out.

    All identities are looked at, which takes about half a minute for a million. Exit status: 0 done, 1 there is none,
    75 Redis does not answer.
    """
    with open_reputation_store(config) as store, shown_progress("looking at all") as progress:
        found = stand_outs(store, KIND_WORDS[kind] if kind else None, Order(order), count, progress)
    if as_json:
        click.echo(json.dumps({"order": order, "identities": [ranked_report(each) for each in found]}, indent=2))
    elif found:
        click.echo(top_table(found))
    if not found:
        click.echo("postward: nothing is known of anybody", err=True)
        raise click.exceptions.Exit(EXIT_NO)


@reputation.command()
@_ID
@_JSON
@config_option
def history(config: Configuration, identity: str, *, as_json: bool) -> None:
    """Show what came from a sender on each of the last 60 days.

    That is kept of our own senders, and of others once they have sent 20 messages of which some were bad. Exit status:
    0 done, 1 nothing is kept, 75 Redis does not answer.
    """
    meant = _read(identities_meant, identity)
    with open_reputation_store(config) as store:
        found = {each: days for each in meant if (days := store.history(each))}
    if as_json:
        listed = [{"identity": str(each), "days": history_report(days)} for each, days in found.items()]
        click.echo(json.dumps({"identities": listed}, indent=2))
    elif found:
        click.echo("\n\n".join(f"{escape(str(each))}\n{history_table(days)}" for each, days in found.items()))
    if not found:
        click.echo(f"postward: no history is kept of {escape(identity)}", err=True)
        raise click.exceptions.Exit(EXIT_NO)


@reputation.command()
@_ID
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def forget(config: Configuration, identity: str, *, yes: bool) -> None:
    """Forget all that is known of a sender itself: what is known of its network or organization stays.

    Exit status: 0 done, 1 nothing was known, or you said no, 75 Redis does not answer.
    """
    one = _read(parse_identity, identity)
    name = escape(str(one))
    with open_reputation_store(config) as store:
        if not yes:
            click.confirm(f"Forget all that is known of {name}?", abort=True)
        if not store.forget(one):
            click.echo(f"postward: nothing is known of {name}", err=True)
            raise click.exceptions.Exit(EXIT_NO)
    click.echo(f"{name} is forgotten")


reputation.add_command(export)
reputation.add_command(import_file)


def _read(read: Callable[[str], _Read], text: str) -> _Read:
    try:
        return read(text)
    except ValueError as error:
        raise UsageError(f"{text[:200]!r} {error}") from None


def _echo_folded(lines: Iterable[str]) -> None:
    width = terminal_width()
    parts = [part for line in lines for part in folded(line, width, indent=_INDENT)]
    click.echo("\n".join(parts).rstrip("\n"))
