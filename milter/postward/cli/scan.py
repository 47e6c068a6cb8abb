# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward scan``: judge one stored message, without any side effect."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from postward.app.compose import scan_parts
from postward.app.scan_report import scan_report
from postward.app.scanning import ScanRequest, scan_stored, scanned_message
from postward.cli.given_message import client_address, read_message
from postward.cli.scan_text import scan_text
from postward.errors import UsageError
from postward.model.origin import Direction


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file; without it, the defaults.")
@click.option("--ip", default="", help="Address of the client that delivers the message.")
@click.option("--helo", default="", help="Name that the client gives at HELO.")
@click.option("--mail-from", default="", help="Envelope sender; empty or <> for a bounce.")
@click.option("--rcpt", multiple=True, help="Envelope recipient; may be repeated.")
@click.option("--auth-user", default="", help="User as whom the client has authenticated itself.")
@click.option("--dns", type=click.Path(path_type=Path), help="Zone file that answers all look-ups.")
@click.option("--now", type=float, help="Unix time by which signatures are judged; now unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the message as it would be delivered.")
@click.argument("file", type=click.Path(allow_dash=True))
def scan(  # noqa: PLR0917 - click passes one argument an option
    config: Path | None,
    ip: str,
    helo: str,
    mail_from: str,
    rcpt: tuple[str, ...],
    auth_user: str,
    dns: Path | None,
    now: float | None,
    as_json: bool,
    output: Path | None,
    file: str,
) -> None:
    """Judge the message in FILE ("-": standard input) as the milter would, and say why."""
    now_s = time.time() if now is None else now
    request = ScanRequest(
        address=client_address(ip), helo=helo, mail_from=mail_from, recipients=rcpt, auth_user=auth_user
    )
    content = read_message(file)
    with scan_parts(config, dns, now_s=now_s) as parts:
        scanned = scan_stored(content, request, parts, now_s=now_s)
    transaction = scanned.transaction
    if output is not None:
        _write(output, scanned_message(transaction))
    results = parts.pipeline.authentication_results(transaction)
    is_scored = transaction.origin.direction is Direction.INBOUND
    thresholds = parts.pipeline.decision_settings(transaction) if is_scored else None
    report = scan_report(transaction, results, scanned.refused, scanned.recipient_matches, thresholds)
    if as_json:
        # Lone surrogates, which stand for bytes that are not UTF-8, are escaped by ensure_ascii.
        click.echo(json.dumps(report, indent=2))
    else:
        scan_text(report)
    if parts.unasked:
        click.echo(f"postward: not asked, for --dns answers all: {', '.join(parts.unasked)}", err=True)


def _write(output: Path, message: bytes) -> None:
    try:
        output.write_bytes(message)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}") from error
