# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward quota``: what has been sent of what may be sent."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from postward.app.quota_counts import quota_counts
from postward.app.quota_report import QuotaReport, limits_of, parse_subject
from postward.cli.kept_context import EXIT_NO, config_option
from postward.cli.quota_text import quota_text
from postward.observability.escape import escape

if TYPE_CHECKING:
    from postward.config import Configuration

_ARGUMENT = "SUBJECT:NAME"


@click.group()
def quota() -> None:
    """Show and reset what has been sent of what may be sent.

    SUBJECT is login, tenant, client, network or recipient_domain, such as login:alice@example.com or client:192.0.2.1.
    """


@quota.command()
@click.argument("whose", metavar=_ARGUMENT)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def show(config: Configuration, whose: str, *, as_json: bool) -> None:
    """Show how much counts towards each limit, with what is under way.

    Limits that depend on what is known of a client are shown as they are for one of whom nothing is known. Exit status:
    0 done, 75 Redis does not answer.
    """
    sending = parse_subject(whose)
    with quota_counts(config) as counts:
        usage = counts.usage(sending.subject, sending.name)
    report = QuotaReport(
        subject=sending.subject, name=sending.name, limits=limits_of(config, sending, time.time()), usage=usage
    )
    if as_json:
        click.echo(json.dumps(report.report(), indent=2))
    else:
        click.echo("\n".join(quota_text(report)))


@quota.command()
@click.argument("whose", metavar=_ARGUMENT)
@config_option
def reset(config: Configuration, whose: str) -> None:
    """Forget what has been sent, so that as much may be sent anew.

    Exit status: 0 done, 1 there was nothing to forget, 75 Redis does not answer.
    """
    sending = parse_subject(whose)
    with quota_counts(config) as counts:
        was_there = counts.reset(sending.subject, sending.name)
    name = f"{sending.subject.value}:{escape(sending.name)}"
    click.echo(f"{name}: forgotten" if was_there else f"{name}: there is nothing to forget")
    if not was_there:
        raise click.exceptions.Exit(EXIT_NO)
