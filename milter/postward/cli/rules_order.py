# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward rules order``: the rules in the order in which they are asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from postward.app.rule_listing import ALWAYS_LOOKED_AT, listed_rules
from postward.app.rule_parts import read_rules
from postward.cli.rules_options import CONFIG, JSON, RULES
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from postward.app.rule_listing import ListedRule

_INDENT = " " * 13


@click.command()
@CONFIG
@RULES
@JSON
def order(config: Path | None, rules_path: Path | None, as_json: bool) -> None:
    """Show the rules in the order in which they are asked.

    Rules of the stage rcpt answer each recipient while the envelope comes in; those of the stage end are asked once the
    whole message is there. A message that has nothing of what a rule is looked up by does not cost it a question.
    """
    loaded = read_rules(config, rules_path)
    listed = list(listed_rules(loaded.rule_set))
    if as_json:
        click.echo(json.dumps({"digest": loaded.digest, "rules": [rule.report() for rule in listed]}, indent=2))
    else:
        _show(listed)


def _show(rules: Sequence[ListedRule]) -> None:
    if not rules:
        click.echo("there are no rules")
    for rule in rules:
        click.echo(f"{rule.stage:<4}  {rule.priority:>5}  {escape(rule.id)}  ({escape(rule.where)})")
        for words in (
            f"{rule.mode}, {rule.direction}: {escape(rule.does)}",
            f"on error {rule.on_error}",
            rule.index if rule.index == ALWAYS_LOOKED_AT else f"looked up by {escape(rule.index)}",
        ):
            click.echo(f"{_INDENT}{words}")
