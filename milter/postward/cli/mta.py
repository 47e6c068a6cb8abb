# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward mta``: print the lines that attach Postward to this host's MTA."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.configuration_file import configuration_in_force
from postward.app.mta_lines.postconf import PostconfFailure, find_postconf
from postward.app.mta_lines.postfix_host import assumed_postfix_host, read_postfix_host
from postward.app.mta_lines.postfix_lines import propose_postfix_lines
from postward.app.mta_lines.postfix_text import postfix_difference, postfix_text
from postward.app.mta_lines.route_lines import route_table
from postward.app.mta_lines.sendmail_lines import sendmail_lines, sendmail_text

if TYPE_CHECKING:
    from postward.app.mta_lines.postfix_host import PostfixHost

_CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def mta() -> None:
    """Print the lines that attach Postward to this host's MTA; nothing is changed."""


@mta.command()
@_CONFIG
@click.option(
    "--postconf-dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Configuration directory of another Postfix instance.",
)
@click.option("--diff", is_flag=True, help="Print only what differs from what stands there; exit 1 if anything does.")
@_JSON
def postfix(config: Path | None, postconf_dir: Path | None, diff: bool, as_json: bool) -> None:
    """Print main.cf and master.cf lines made for this host's Postfix."""
    host = _read_host(postconf_dir)
    configuration = configuration_in_force(config)
    lines = propose_postfix_lines(host, configuration, route_table(configuration))
    if as_json:
        click.echo(json.dumps({"installed": host.installed, "chrooted": host.is_chrooted, **asdict(lines)}, indent=2))
    elif diff:
        difference = postfix_difference(host, lines)
        click.echo(difference, nl=False)
        raise click.exceptions.Exit(1 if difference else 0)
    else:
        click.echo(postfix_text(host, lines), nl=False)


def _read_host(postconf_dir: Path | None) -> PostfixHost:
    postconf = find_postconf()
    if postconf is None:
        return assumed_postfix_host()
    try:
        return read_postfix_host(postconf, postconf_dir)
    except PostconfFailure as failure:
        raise click.ClickException(f"the configuration of Postfix cannot be read: {failure}") from failure


@mta.command()
@_CONFIG
@_JSON
def sendmail(config: Path | None, as_json: bool) -> None:
    """Print m4 lines for sendmail.mc."""
    configuration = configuration_in_force(config)
    if as_json:
        click.echo(json.dumps({"lines": sendmail_lines(configuration)}, indent=2))
    else:
        click.echo(sendmail_text(configuration), nl=False)
