# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward rules replay``: ask the rules about stored mail, and compare them with others."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from postward.app.replay.replaying import Change, Replay
from postward.app.replay.stored_mail import StoredMail, mail_files, stored_mail
from postward.app.rule_parts import open_rules
from postward.cli.rules_options import CONFIG, JSON, RULES, read_time
from postward.errors import UsageError
from postward.observability.escape import escape
from postward.rules.testing import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.app.replay.replaying import Tally

_MAX_UNREADABLE = 20


@click.command()
@CONFIG
@RULES
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    help="File or folder of the old rules: show the messages of which the new ones make something else.",
)
@click.option("--at", default="", metavar="TIME", help="When it is: 2026-11-24T10:00, local time; now unless given.")
@click.option("--limit", type=click.IntRange(0), default=100, show_default=True, help="Changes shown; all are counted.")
@JSON
@click.argument("mail", type=click.Path(path_type=Path, exists=True), metavar="MAILDIR|MBOX|FOLDER|FILE")
def replay(  # noqa: PLR0917 - click passes one argument an option
    config: Path | None,
    rules_path: Path | None,
    against: Path | None,
    at: str,
    limit: int,
    as_json: bool,
    mail: Path,
) -> None:
    """Ask the rules about stored mail, as it would come in today, and do nothing.

    The session is read from the fields that the MTA, the mail store and Postward wrote above each message; what they do
    not tell is not known to the rules. A message that cannot be read is counted, and the rest goes on.
    """
    changes: list[Change] = []
    unreadable: list[StoredMail] = []
    with open_rules(config, rules_path) as parts:
        old = parts.other_judge(against) if against is not None else None
        run = Replay(parts.messages, parts.judge, old, now_s=read_time(at))
        for found in run.changes(_with_progress(mail)):
            if isinstance(found, Change) and len(changes) < limit:
                changes.append(found)
            elif isinstance(found, StoredMail) and len(unreadable) < _MAX_UNREADABLE:
                unreadable.append(found)
    changes.sort(key=lambda change: change.name)
    if as_json:
        click.echo(json.dumps(_report(run.tally, changes, unreadable), indent=2))
    else:
        click.echo("\n".join(_lines(run.tally, changes, unreadable, is_comparison=against is not None)))


def _with_progress(mail: Path) -> Iterator[StoredMail]:
    """Give the messages, and show on a terminal how far they are."""
    console = Console(stderr=True)
    if not console.is_terminal:
        # A bar that is disabled writes an empty line at its end, in versions of rich before 14.
        yield from _stored(mail)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("replaying", total=_total(mail))
        for stored in _stored(mail):
            yield stored
            if stored.position:
                progress.update(task, completed=stored.position)
            else:
                progress.advance(task)


def _stored(mail: Path) -> Iterator[StoredMail]:
    try:
        yield from stored_mail(mail, max_bytes=MAX_MESSAGE_BYTES)
    except OSError as error:
        raise UsageError(f"{mail}: {error.strerror}") from error


def _total(mail: Path) -> int:
    """Files of a folder; bytes of an mbox, of which it says how many are read."""
    return sum(1 for _ in mail_files(mail)) if mail.is_dir() else mail.stat().st_size


def _report(tally: Tally, changes: Sequence[Change], unreadable: Sequence[StoredMail]) -> dict[str, Any]:
    return {
        **tally.report(),
        "changes": [asdict(change) for change in changes],
        "problems": [{"name": stored.name, "problem": stored.problem} for stored in unreadable],
    }


def _lines(
    tally: Tally, changes: Sequence[Change], unreadable: Sequence[StoredMail], *, is_comparison: bool
) -> Iterator[str]:
    for change in changes:
        yield f"{escape(change.name)}  {escape(change.message_id)}"
        yield from _fate("before", change.before, change.rules_before)
        yield from _fate("now", change.after, change.rules_after)
    if tally.changed > len(changes):
        yield f"… and {tally.changed - len(changes)} more (--limit)"
    for stored in unreadable:
        yield f"{escape(stored.name)}  not read: {escape(stored.problem)}"
    yield from _counts(tally, is_comparison=is_comparison)
    messages = f"{tally.messages} message{'' if tally.messages == 1 else 's'}"
    if is_comparison:
        yield f"{messages}, {tally.changed} would be treated otherwise, {tally.unreadable} not read"
    else:
        yield f"{messages}, {tally.unreadable} not read"


def _fate(word: str, done: Sequence[str], rules: Sequence[str]) -> Iterator[str]:
    by = f"  ({', '.join(map(escape, rules))})" if rules else ""
    yield f"  {word:<6}  {escape('; '.join(done) or 'nothing')}{by}"


def _counts(tally: Tally, *, is_comparison: bool) -> Iterator[str]:
    """How many messages each rule matched, of both sets where there are two."""
    for rule in sorted({*tally.matches, *tally.matches_before, *tally.failures, *tally.failures_before}):
        before = f"{tally.matches_before[rule]:>7} -> " if is_comparison else ""
        failed = tally.failures[rule]
        yield f"{before}{tally.matches[rule]:>7}  {escape(rule)}{f', {failed} failed' if failed else ''}"
