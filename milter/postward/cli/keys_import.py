# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward keys import opendkim``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.keys.opendkim_import import carry_out, plan_import
from postward.app.keys.opendkim_tables import read_conf, read_tables, table_path
from postward.cli.keys_context import EXIT_NO, common_options, open_keys
from postward.errors import UsageError
from postward.observability.escape import escape

if TYPE_CHECKING:
    from postward.app.keys.opendkim_import import ImportReport
    from postward.app.keys.opendkim_tables import OpenDkimSetup

_DEFAULT_CONF = Path("/etc/opendkim.conf")


@click.group(name="import")
def import_keys() -> None:
    """Take over the keys of another signer."""


@import_keys.command()
@click.option("--conf", type=click.Path(path_type=Path), help=f"OpenDKIM's configuration; {_DEFAULT_CONF} by default.")
@click.option("--key-table", help="KeyTable, a file; together with --signing-table.")
@click.option("--signing-table", help="SigningTable, a file.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@common_options
def opendkim(  # noqa: PLR0917 - click passes one argument an option
    conf: Path | None,
    key_table: str | None,
    signing_table: str | None,
    dry_run: bool,
    config_path: Path | None,
    user: str,
    as_json: bool,
) -> None:
    """Copy OpenDKIM's keys, and report what is not carried over.

    Exit status: 0 everything is carried over, 1 something is not.
    """
    keys = open_keys(config_path, user)
    setup = _setup(conf, key_table, signing_table)
    if dry_run:
        report = plan_import(setup, keys.directory)
    else:
        with keys.directory.locked():
            report = plan_import(setup, keys.directory)
            carry_out(report, keys.directory)
    if as_json:
        copied = {domain: list(entries) for domain, entries in report.copied.items()}
        told = {"copied": copied, "lines": report.lines, "left_out": report.left_out, "settings": report.settings}
        click.echo(json.dumps({**told, "dry_run": dry_run}, indent=2))
    else:
        _show(report, "would copy" if dry_run else "copied")
    raise click.exceptions.Exit(EXIT_NO if report.left_out else 0)


def _setup(conf: Path | None, key_table: str | None, signing_table: str | None) -> OpenDkimSetup:
    if key_table is None and signing_table is None:
        return read_conf(conf or _DEFAULT_CONF)
    if key_table is None or signing_table is None or conf is not None:
        raise UsageError("give both --key-table and --signing-table, or --conf alone")
    return read_tables(table_path(key_table), table_path(signing_table))


def _show(report: ImportReport, done: str) -> None:
    for domain, entries in report.copied.items():
        click.echo(f"{done} {domain}: {', '.join(entries)}")
    if report.lines:
        click.echo("\nPut into postward.yaml, under signing.keys, and see to it that the service can read the files:")
        for line in report.lines:
            click.echo(f"  {escape(line)}")
    for title, told in (("Not carried over", report.left_out), ("Settings to see to yourself", report.settings)):
        if told:
            click.echo(f"\n{title}:")
        for words in told:
            click.echo(f"  {escape(words)}")
