# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion for shells: the scripts of click, which ask the installed ``postward`` what may come next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.shell_completion import ShellComplete, get_completion_class

from postward.cli.main import postward

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES = {"bash": "bash/postward", "zsh": "zsh/_postward", "fish": "fish/postward.fish"}


def completion_files() -> Iterator[tuple[str, str]]:
    """File name, as the shell looks for it, below a folder for the shell, and its text."""
    for shell, name in _FILES.items():
        kind = get_completion_class(shell)
        if kind is None:
            raise LookupError(f"this click knows no completion for {shell}")
        # The base class's method: that for bash runs bash to ask for its version, and a builder need have none.
        yield name, ShellComplete.source(kind(postward, {}, "postward", "_POSTWARD_COMPLETE"))
