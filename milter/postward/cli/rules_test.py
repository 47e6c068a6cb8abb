# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward rules test``: run the tests beside the rules, or the rules on one message."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from postward.app.rule_parts import open_rules
from postward.app.rule_report import rule_report
from postward.cli.given_message import read_message
from postward.cli.rule_text import matched_rules, visible
from postward.cli.rules_options import CONFIG, JSON, RULES, rule_request, session_options
from postward.errors import UsageError
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from postward.app.rule_judging import Judgement
    from postward.rules.testing import RuleTestOutcome

_EXIT_NO = 1


@click.command()
@CONFIG
@RULES
@click.option("--rule", "rule_id", default="", help="Only the tests of this rule.")
@session_options
@JSON
@click.argument("message", type=click.Path(allow_dash=True), required=False)
def test(
    config: Path | None, rules_path: Path | None, rule_id: str, as_json: bool, message: str | None, **session: Any
) -> None:
    """Run the tests that stand beside the rules, or ask the rules about the message in MESSAGE ("-": standard input).

    Nothing is checked for a MESSAGE, and nobody is asked but the directory: say with --auth what authentication has
    found, or use `postward scan`. Exit status: 0 all tests pass, 1 one fails.
    """
    if message is None:
        _run_tests(config, rules_path, rule_id, as_json=as_json)
    else:
        _try_message(config, rules_path, message, session, as_json=as_json)


def _run_tests(config: Path | None, rules_path: Path | None, rule_id: str, *, as_json: bool) -> None:
    with open_rules(config, rules_path) as parts:
        if rule_id and not any(rule.id == rule_id for rule in parts.rule_set.rules):
            raise UsageError(f"--rule: there is no rule {rule_id}")
        outcomes = [outcome for outcome in parts.run_tests() if rule_id in {"", outcome.rule}]
    failed = sum(1 for outcome in outcomes if outcome.problems)
    if as_json:
        tests = [_test_report(outcome) for outcome in outcomes]
        click.echo(json.dumps({"tests": tests, "passed": len(outcomes) - failed, "failed": failed}, indent=2))
    else:
        _show_tests(outcomes, failed)
    raise click.exceptions.Exit(_EXIT_NO if failed else 0)


def _test_report(outcome: RuleTestOutcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule,
        "where": outcome.test.where,
        "name": outcome.test.name,
        "passed": not outcome.problems,
        "problems": list(outcome.problems),
    }


def _show_tests(outcomes: Sequence[RuleTestOutcome], failed: int) -> None:
    for outcome in outcomes:
        word = click.style("fails", fg="red") if outcome.problems else click.style("passes", fg="green")
        name = f"  {escape(outcome.test.name)}" if outcome.test.name else ""
        click.echo(f"{word:<6}  {escape(outcome.rule)}  {escape(outcome.test.where)}{name}")
        for problem in outcome.problems:
            click.echo(f"        {escape(problem)}")
    passed = len(outcomes) - failed
    click.echo(f"{passed} test{'' if passed == 1 else 's'} passed, {failed} failed")


def _try_message(
    config: Path | None, rules_path: Path | None, file: str, session: dict[str, Any], *, as_json: bool
) -> None:
    request, content = rule_request(session), read_message(file)
    with open_rules(config, rules_path) as parts:
        judgement = parts.judge.judge(parts.messages.from_request(content, request))
    report = _judgement_report(judgement)
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        _show_judgement(report)


def _judgement_report(judgement: Judgement) -> dict[str, Any]:
    outcome = judgement.outcome
    reply = outcome.result.reply if outcome is not None else None
    return {
        "refused_recipients": {address: asdict(refusal) for address, refusal in judgement.refused.items()},
        "rules": [rule_report(match) for match in judgement.matches],
        "reply": asdict(reply) if reply is not None else None,
        "tags": sorted(outcome.tags) if outcome is not None else [],
        "points": dict(outcome.points) if outcome is not None else {},
    }


def _show_judgement(report: dict[str, Any]) -> None:
    console = Console(highlight=False)
    if not report["rules"]:
        console.print("no rule matches")
    for line in matched_rules(report["rules"]):
        console.print(line, soft_wrap=True)
    for recipient, reply in report["refused_recipients"].items():
        console.print(f"refuses the recipient {visible(recipient)}: {_answer(reply)}", soft_wrap=True)
    if report["reply"]:
        console.print(f"answers {_answer(report['reply'])}", soft_wrap=True)


def _answer(reply: dict[str, Any]) -> str:
    return f"{reply['code']} {reply['enhanced']} {visible(reply['text'])}"
