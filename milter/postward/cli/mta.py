"""``postward mta``: print the lines that attach Postward to this host's MTA."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from postward.app.configuration_file import configuration_in_force
from postward.app.mta_lines.postconf import find_postconf
from postward.app.mta_lines.postfix_host import assumed_postfix_host, read_postfix_host
from postward.app.mta_lines.postfix_lines import propose_postfix_lines
from postward.app.mta_lines.postfix_text import postfix_difference, postfix_text
from postward.app.mta_lines.sendmail_lines import sendmail_lines, sendmail_text

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
    postconf = find_postconf()
    host = read_postfix_host(postconf, postconf_dir) if postconf else assumed_postfix_host()
    lines = propose_postfix_lines(host, configuration_in_force(config))
    if as_json:
        click.echo(json.dumps({"installed": host.installed, "chrooted": host.is_chrooted, **asdict(lines)}, indent=2))
    elif diff:
        difference = postfix_difference(host, lines)
        click.echo(difference, nl=False)
        raise click.exceptions.Exit(1 if difference else 0)
    else:
        click.echo(postfix_text(host, lines), nl=False)


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
