"""``postward symbols``: every symbol, what it weighs here, who says so, and what it means."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.configuration_file import configuration_in_force
from postward.app.symbol_listing import list_caps, list_symbols
from postward.errors import UsageError
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.app.symbol_listing import SymbolLine

_INDENT = " " * 10


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
        click.echo("\n".join(_text(lines, caps)))


def _of_group(lines: Sequence[SymbolLine], group: str | None) -> Sequence[SymbolLine]:
    chosen = [line for line in lines if group in {None, line.group}]
    if not chosen:
        raise UsageError(
            f"--group: there is no {group!r}; there are {', '.join(sorted({line.group for line in lines}))}"
        )
    return chosen


def _text(lines: Sequence[SymbolLine], caps: Mapping[str, float]) -> Iterator[str]:
    width = max(len(line.name) for line in lines)
    for number, (group, of_group) in enumerate(groupby(lines, key=lambda line: line.group)):
        if number:
            yield ""
        yield f"{group} (together {caps[group]:g} at most against a message)" if group in caps else group
        for line in of_group:
            yield f"{line.weight:+8.2f}  {line.name:<{width}}  {line.origin:<13}  {escape(line.meaning)}"
            if line.is_composite:
                yield f"{_INDENT}when {line.when}{_replaced(line)}"


def _replaced(line: SymbolLine) -> str:
    return f"; then nothing counts of {', '.join(line.replaces)}" if line.replaces else ""
