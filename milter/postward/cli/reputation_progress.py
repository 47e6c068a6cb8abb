# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a command about the whole reputation store is, on a terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def shown_progress(words: str, total: int | None = None) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar on standard error while the block runs, where that is a terminal, and nothing of it afterwards.

    What comes is called with how much is done, and of how much where that is known by then.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        # A bar that is disabled writes an empty line at its end, in versions of rich before 14.
        yield _shown_nowhere
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(words, total=total)

        def advance(done: int, of: int | None) -> None:
            progress.update(task, completed=done, total=of)

        yield advance


def _shown_nowhere(_done: int, _of: int | None) -> None:
    """How far it is interests nobody."""
