# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward reputation export`` and ``import``: the whole store in a file, and from one."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.reputation_desk import open_reputation_store
from postward.app.reputation_transfer import import_lines, written_lines
from postward.cli.kept_context import EXIT_NO, config_option
from postward.cli.reputation_progress import shown_progress
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from postward.config import Configuration

_STANDARD = "-"


@click.command()
@click.argument("file", type=click.Path(allow_dash=True), default=_STANDARD)
@config_option
def export(config: Configuration, file: str) -> None:
    """Write all that is known to a file, or to standard output: a JSON object a line.

    The file names senders and domains, so nobody but its owner may read it. Exit status: 0 done, 75 Redis does not
    answer; then a file that was there is left as it was.
    """
    count = 0
    with open_reputation_store(config) as store, shown_progress("exporting") as progress, _written(file) as out:
        for line in written_lines(store.dump(progress=progress)):
            out.write(line)
            count += 1
    click.echo(f"{count - 1:,} entries are written", err=True)


@click.command("import")
@click.argument("file", type=click.Path(allow_dash=True))
@config_option
def import_file(config: Configuration, file: str) -> None:
    """Put back what export has written, in place of what is known of the same senders; others are left as they are.

    FILE may be - for standard input. To import a file twice is as good as once. Exit status: 0 done, 1 some lines make
    no sense, and were passed over, 2 this is no such file, 75 Redis does not answer: import it again.
    """
    with (
        open_reputation_store(config) as store,
        _read(file) as (given, size),
        shown_progress("importing", size) as progress,
    ):
        done = 0

        def advance(octets: int) -> None:
            nonlocal done
            done += octets
            progress(done, size)

        imported = import_lines(given, store.restore, advance)
    old = imported.read - imported.kept
    click.echo(f"{imported.kept:,} entries are put back{f', {old:,} are too old to be kept' if old else ''}", err=True)
    for fault in imported.faults:
        click.echo(f"postward: {fault}", err=True)
    if imported.faulty:
        click.echo(f"postward: {imported.faulty:,} lines make no sense, and were passed over", err=True)
        raise click.exceptions.Exit(EXIT_NO)


@contextmanager
def _written(file: str) -> Iterator[BinaryIO]:
    """Give what is written to; a file gets its name when all of it is written, and is its owner's alone."""
    if file == _STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    try:
        # A device or a pipe is written to, and never replaced.
        with path.open("wb") if path.exists() and not path.is_file() else _new(path) as out:
            yield out
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _read(file: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Give a file, and how large it is where that is known."""
    if file == _STANDARD:
        yield sys.stdin.buffer, None
        return
    try:
        given = Path(file).open("rb")  # noqa: SIM115 - closed below, apart from faults of those who read it
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    with given:
        yield given, os.fstat(given.fileno()).st_size
