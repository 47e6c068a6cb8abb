# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of ``postward scan`` for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from postward.cli.rule_text import matched_rules, visible
from postward.cli.score_text import score_lines, score_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDENT = " " * 4


def scan_text(report: dict[str, Any], console: Console | None = None) -> None:
    """Print what was found, what it weighs, and what would be done; control characters are made visible."""
    console = console or Console(highlight=False)
    console.print(f"[bold]{report['verdict'].upper()}[/bold]  {visible(report['reason'])}")
    console.print(f"{report['direction']}: {visible(report['origin_reason'])}", style="dim")
    console.print()
    console.print(_facts(report))
    console.print()
    if report["symbols"]:
        console.print(score_table(report["symbols"], report["score"]))
    for words in (*score_lines(report), *_rights(report["sender_rights"]), *_signing(report["signing"])):
        _print_folded(console, words)
    for check, reason in report["not_checked"].items():
        _print_folded(console, f"[red]not checked:[/red] {visible(check)}: {visible(reason)}")
    console.print()
    for line in matched_rules(report["rules"]):
        console.print(line, soft_wrap=True)
    _print_actions(console, report)


def _rights(rights: dict[str, Any] | None) -> Iterator[str]:
    if rights:
        who = f" by {visible(rights['identity'])}" if rights["identity"] else ""
        yield f"use{who} of the envelope sender: {rights['envelope']}, of the address in From: {rights['header_from']}"


def _signing(signing: dict[str, Any] | None) -> Iterator[str]:
    if not signing:
        return
    if signing["signed_by"]:
        yield f"signed by {visible(', '.join(signing['signed_by']))}"
    if signing["unsigned_reason"]:
        yield f"not signed: {visible(signing['unsigned_reason'])}"
    if signing["sealed_by"]:
        yield f"sealed by {visible(signing['sealed_by'])}"
    if signing["unsealed_reason"]:
        yield f"not sealed: {visible(signing['unsealed_reason'])}"


def _facts(report: dict[str, Any]) -> Table:
    table = _table("check", "result", "about", "why")
    for label in ("spf", "spf_helo"):
        if report[label]:
            spf = report[label]
            table.add_row(label, *_cells(spf["result"], spf["domain"], spf["reason"] or spf.get("mechanism", "")))
    for dkim in report["dkim"]:
        table.add_row("dkim", *_cells(dkim["result"], f"{dkim['domain']} {dkim['selector']}", dkim["reason"]))
    if not report["dkim"]:
        table.add_row("dkim", "none", "", "")
    table.add_row("arc", *_cells(report["arc"]["result"], report["arc"]["sealer"] or "", report["arc"]["reason"]))
    table.add_row("dmarc", *_cells(report["dmarc"]["result"], *_dmarc_words(report["dmarc"])))
    iprev = report["iprev"]
    table.add_row("iprev", *_cells(iprev["result"], iprev["name"] or "", iprev["reason"]))
    return table


def _dmarc_words(dmarc: dict[str, Any]) -> tuple[str, str]:
    words = [f"policy {dmarc['policy']}"] if dmarc["policy"] else []
    words += [f"aligned by {by}" for by in dmarc["aligned_by"]]
    if dmarc["override"]:
        words.append(f"overridden by trusted sealer {dmarc['override']['sealer']}")
    if dmarc["reason"]:
        words.append(dmarc["reason"])
    return dmarc["domain"], ", ".join(words)


def _print_actions(console: Console, report: dict[str, Any]) -> None:
    for recipient, refusal in report["refused_recipients"].items():
        answer = f"{refusal['code']} {refusal['enhanced']} {visible(refusal['text'])}"
        _print_folded(console, f"refuses the recipient {visible(recipient)}: {answer}")
    if report["reply"]:
        reply = report["reply"]
        _print_folded(console, f"answers {reply['code']} {reply['enhanced']} {visible(reply['text'])}")
    results = report["authentication_results"]
    if results and not any(action.get("value") == results for action in report["actions"]):
        _print_folded(console, f"not added  Authentication-Results: {visible(results)}")
    for action in report["actions"]:
        _print_folded(console, f"{action['type'].replace('_', ' ')}  {visible(_about(action))}".rstrip())


def _print_folded(console: Console, words: str) -> None:
    """Print a line with rich's markup; a terminal folds it between words, and what goes on is set in."""
    if not console.is_terminal:
        console.print(words, soft_wrap=True)
        return
    lines = _folded(console.render_str(words), console, console.width)
    for line in (*lines[:1], *_folded(Text(" ").join(lines[1:]), console, console.width - len(_INDENT), _INDENT)):
        console.print(line, soft_wrap=True)


def _folded(text: Text, console: Console, width: int, indent: str = "") -> list[Text]:
    lines = list(text.wrap(console, width)) if text else []
    for line in lines:
        line.rstrip()
    return [Text(indent) + line for line in lines]


def _about(action: dict[str, Any]) -> str:
    if "name" in action:
        return f"{action['name']}: {action['value']}"
    if action["type"] == "replace_body":
        return f"by {action['size']} bytes"
    return str(action.get("reason", action.get("address", "")))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _cells(*texts: str) -> list[str]:
    return [visible(text) for text in texts]
