# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward rules lint``: find faults, and what is probably not meant."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from postward.app.rule_parts import read_rules
from postward.cli.rules_options import CONFIG, JSON, RULES
from postward.errors import ConfigErrors
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from postward.errors import ConfigError

_EXIT_NO = 1
_EXIT_CONFIGURATION = 2


@click.command()
@CONFIG
@RULES
@click.option("--strict", is_flag=True, help="Exit 1 on warnings too.")
@JSON
def lint(config: Path | None, rules_path: Path | None, strict: bool, as_json: bool) -> None:
    """Read all rules, and say every fault and every warning at once.

    Exit status: 0 all is well, 1 warnings (with --strict), 2 faults.
    """
    faults: Sequence[ConfigError] = ()
    warnings: Sequence[ConfigError] = ()
    count = off = 0
    try:
        rule_set = read_rules(config, rules_path).rule_set
        warnings, count, off = rule_set.warnings, len(rule_set.rules), rule_set.switched_off
    except ConfigErrors as errors:
        faults = errors.errors
    if as_json:
        click.echo(json.dumps(_report(faults, warnings, count, off), indent=2))
    else:
        _show(faults, warnings, count, off)
    raise click.exceptions.Exit(_EXIT_CONFIGURATION if faults else _EXIT_NO if strict and warnings else 0)


def _report(faults: Sequence[ConfigError], warnings: Sequence[ConfigError], count: int, off: int) -> dict[str, object]:
    return {
        "rules": count,
        "switched_off": off,
        "faults": [asdict(fault) for fault in faults],
        "warnings": [asdict(warning) for warning in warnings],
    }


def _show(faults: Sequence[ConfigError], warnings: Sequence[ConfigError], count: int, off: int) -> None:
    for fault in faults:
        click.echo(f"{click.style('error', fg='red')}    {escape(str(fault))}")
    for warning in warnings:
        click.echo(f"{click.style('warning', fg='yellow')}  {escape(str(warning))}")
    if not faults:
        others = f", {off} {'is' if off == 1 else 'are'} switched off (enabled: false)" if off else ""
        click.echo(f"{count} rule{'' if count == 1 else 's'} can be used{others}")
