# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward symbols``: every symbol, what it weighs here, who says so, and what it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.configuration_file import configuration_in_force
from postward.app.symbol_listing import list_caps, list_symbols
from postward.cli.symbols_text import symbols_text
from postward.cli.terminal import terminal_width
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.symbol_listing import SymbolLine


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
)
@click.option("--domain", help="Hosted domain whose own weights count.")
@click.option("--group", help="Show the symbols of this group alone.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def symbols(config: Path | None, domain: str | None, group: str | None, as_json: bool) -> None:
    """List every symbol with its weight, its origin and its meaning.

    What has a weight above 0 speaks against a message, what has one below 0 speaks for it. The origin says who has set
    the weight: the default, the configuration, or the domain.
    """
    configuration = configuration_in_force(config)
    lines = _of_group(list_symbols(configuration, domain), group)
    caps = {name: cap for name, cap in list_caps(configuration).items() if group in {None, name}}
    if as_json:
        click.echo(json.dumps({"symbols": [line.report() for line in lines], "group_caps": caps}, indent=2))
    else:
        click.echo("\n".join(symbols_text(lines, caps, terminal_width())))


def _of_group(lines: Sequence[SymbolLine], group: str | None) -> Sequence[SymbolLine]:
    chosen = [line for line in lines if group in {None, line.group}]
    if not chosen:
        raise UsageError(
            f"--group: there is no {group!r}; there are {', '.join(sorted({line.group for line in lines}))}"
        )
    return chosen
