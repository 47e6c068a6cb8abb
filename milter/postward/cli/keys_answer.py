# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``postward keys new`` and ``rotate`` answer: paragraphs of lines, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from postward.signing.manifest import KeyEntry


def numbered(*steps: tuple[str, str]) -> list[str]:
    """Commands and what they are for, as numbered lines."""
    width = max(len(command) for command, _ in steps)
    return [f"{number}. {command:<{width}}  {meaning}" for number, (command, meaning) in enumerate(steps, 1)]


def entry_told(entry: KeyEntry) -> dict[str, Any]:
    """A key for JSON; times are Unix times in seconds."""
    return {
        "selector": entry.selector,
        "file": entry.file,
        "signs_from": entry.signs_from_s,
        "signs_until": entry.signs_until_s,
        "removable_from": entry.removable_from_s,
    }


def show(as_json: bool, answer: dict[str, Any], *paragraphs: list[str]) -> None:
    """Print the answer as it is wanted."""
    if as_json:
        click.echo(json.dumps(answer, indent=2))
        return
    click.echo("\n\n".join("\n".join(lines) for lines in paragraphs if lines))
