# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward check``: try the configuration and everything that the milter needs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.diagnose.diagnosis import CheckRequest, diagnose, is_passed
from postward.app.diagnose.finding import Level
from postward.errors import ConfigErrors
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.diagnose.finding import Finding

_EXIT_NO = 1
_EXIT_CONFIGURATION = 2
_COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.ERROR: "red"}


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
)
@click.option("--config-only", is_flag=True, help="Read the configuration alone; nothing outside is asked.")
@click.option("--strict", is_flag=True, help="Exit 1 on warnings too.")
@click.option("--mta-user", default="", help="User that the MTA connects as; Postfix's mail_owner unless given.")
@click.option("--user", "service_user", default="postward", show_default=True, help="User that Postward runs as.")
@click.option(
    "--postconf-dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Configuration directory of another Postfix instance.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(  # noqa: PLR0917 - click passes one argument an option
    config: Path | None,
    config_only: bool,
    strict: bool,
    mta_user: str,
    service_user: str,
    postconf_dir: Path | None,
    as_json: bool,
) -> None:
    """Try files, permissions, the socket as the MTA's user, Postfix's settings, DNS and Redis.

    Exit status: 0 all is well, 1 something does not work, 2 the configuration is wrong.
    """
    request = CheckRequest(
        config=config,
        config_only=config_only,
        mta_user=mta_user,
        service_user=service_user,
        postconf_dir=postconf_dir,
    )
    try:
        findings = diagnose(request)
    except ConfigErrors as errors:
        _show_config_errors(errors, as_json=as_json)
        raise click.exceptions.Exit(_EXIT_CONFIGURATION) from None
    passed = is_passed(findings, strict=strict)
    if as_json:
        click.echo(json.dumps({"passed": passed, "findings": [asdict(item) for item in findings]}, indent=2))
    else:
        _show(findings)
    raise click.exceptions.Exit(0 if passed else _EXIT_NO)


def _show(findings: Sequence[Finding]) -> None:
    for finding in findings:
        level = click.style(f"{finding.level.value:<7}", fg=_COLOURS[finding.level])
        click.echo(f"{level}  {finding.check}: {escape(finding.message)}")
        if finding.advice:
            click.echo(f"         -> {escape(finding.advice)}")


def _show_config_errors(errors: ConfigErrors, *, as_json: bool) -> None:
    """Faults go to standard error as everywhere, but a program that asked for JSON gets them in it."""
    if as_json:
        faults = [asdict(fault) for fault in errors.errors]
        click.echo(json.dumps({"passed": False, "config_errors": faults}, indent=2))
        return
    for fault in errors.errors:
        click.echo(f"postward: {fault}", err=True)
