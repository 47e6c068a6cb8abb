# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward rules explain``: for each condition what was asked, and what was seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from postward.app.rule_explanation import explanation_report
from postward.app.rule_parts import open_rules
from postward.cli.given_message import read_message
from postward.cli.rules_options import CONFIG, JSON, RULES, rule_request, session_options
from postward.errors import UsageError
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postward.rules.conditions.base import Finding
    from postward.rules.explaining import Answered, Explanation


@click.command()
@CONFIG
@RULES
@click.option("--rule", "rule_id", default="", help="Only this rule.")
@session_options
@JSON
@click.argument("message", type=click.Path(allow_dash=True))
def explain(
    config: Path | None, rules_path: Path | None, rule_id: str, as_json: bool, message: str, **session: Any
) -> None:
    """Ask every rule everything about the message in MESSAGE ("-": standard input), and say what it saw.

    Each rule sees the message as the rules before it have made it. Say with --auth what authentication has found.
    Of a rule with a plugin it tells whether the plugin is asked.
    """
    request, content = rule_request(session), read_message(message)
    with open_rules(config, rules_path) as parts:
        if rule_id and not any(rule.id == rule_id for rule in parts.rule_set.rules):
            raise UsageError(f"--rule: there is no rule {rule_id}")
        every = parts.judge.explain(parts.messages.from_request(content, request))
        explanations = [each for each in every if rule_id in {"", each.rule.id}]
    if as_json:
        click.echo(json.dumps({"rules": [explanation_report(each) for each in explanations]}, indent=2))
    else:
        click.echo("\n\n".join("\n".join(_lines(each)) for each in explanations))


def _lines(explanation: Explanation) -> Iterator[str]:
    rule = explanation.rule
    word = "does not match"
    if explanation.matched:
        word = f"asks the plugin {rule.plugin}" if rule.plugin else "matches"
    if explanation.error:
        word = "could not be evaluated"
    elif not explanation.is_asked:
        word = "is not asked: a rule before it has refused the message, or stopped"
    audit = ", audit" if rule.mode.value == "audit" else ""
    yield f"{escape(rule.id)} {word}  ({escape(rule.where)}{audit})"
    for answered in explanation.answered:
        yield from _answered(answered)
    if explanation.matched and rule.plugin:
        yield "    what the plugin makes of the message, postward rules test MESSAGE says"


def _answered(answered: Answered) -> Iterator[str]:
    if answered.recipient:
        yield f"  for {escape(answered.recipient)}"
    for finding in answered.findings:
        yield from _finding(finding, "    ")
    if answered.error:
        yield f"    failed  {escape(answered.error)}"


def _finding(finding: Finding, indent: str) -> Iterator[str]:
    word = "yes" if finding.matched else "no"
    seen = f"  saw: {escape(finding.seen) or 'nothing'}" if not finding.children else ""
    yield f"{indent}{word:<3}  {escape(finding.asked)}{seen}"
    for name, text in finding.captures.items():
        if not finding.children:
            yield f"{indent}       captured {escape(name)}: {escape(text)}"
    for child in finding.children:
        yield from _finding(child, f"{indent}  ")
