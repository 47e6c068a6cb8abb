# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message came to its score, for people: ``postward scan``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from postward.cli.reputation_lines import quota_lines, reputation_lines
from postward.cli.rule_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_STATUSES = {
    "clean": "found nothing",
    "virus": "found a virus",
    "skipped": "was not asked",
    "failed": "gave no answer of use",
}
_MAX_SCANNER_SYMBOLS = 10
_VERDICTS = {"suspect": "suspect", "junk": "junk", "reject": "refused"}
"""Each threshold, and what a message is from there on."""


def score_table(symbols: Sequence[Mapping[str, Any]], score: float) -> Table:
    """Give what counted, the heaviest first, and the sum; what counts for nothing stands in no row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("score", "right"), ("symbol", "left"), ("why", "left")):
        table.add_column(name, overflow="fold", justify="right" if justify == "right" else "left")
    for symbol in sorted(symbols, key=lambda symbol: (-abs(symbol["score"]), -symbol["score"])):
        if symbol["score"] or symbol["uncapped_score"]:
            table.add_row(f"{symbol['score']:+g}", visible(symbol["name"]), _why(symbol))
    table.add_row(f"[bold]{score:+g}[/bold]", "[bold]in all[/bold]", "")
    return table


def score_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Give, with rich's markup, a line each, what counted for nothing, the thresholds, and what others have said."""
    # Those of other scanners stand with what the scanner says.
    others = [each for each in report["symbols"] if not each["score"] and not _is_cut(each)]
    weightless = [visible(each["name"]) for each in others if each["group"] != "scanners"]
    if weightless:
        yield f"[dim]found as well, and counted for nothing: {', '.join(weightless)}[/dim]"
    if report["thresholds"]:
        yield _thresholds(report["thresholds"])
    for name, scan in report["scans"].items():
        yield from _scan(name, scan)
    yield from reputation_lines(report["reputation"])
    yield from quota_lines(report["quota"])
    if report["greylisting"]:
        yield _greylisting(report["greylisting"])


def _why(symbol: Mapping[str, Any]) -> str:
    words = visible(symbol["meaning"] or "")
    if symbol["detail"] and symbol["detail"] != symbol["meaning"]:
        words = f"{words} [dim]({visible(symbol['detail'])})[/dim]" if words else visible(symbol["detail"])
    return f"{words}{_cut(symbol)}"


def _cut(symbol: Mapping[str, Any]) -> str:
    """Only a cap leaves a part; what counts for nothing at all may be replaced by a composite, too."""
    if not _is_cut(symbol):
        return ""
    full = f"{symbol['uncapped_score']:+g}"
    if symbol["score"]:
        return f" [dim]\\[{full} without the cap of group {visible(symbol['group'])}][/dim]"
    return (
        f" [dim]\\[{full} by itself; the cap of group {visible(symbol['group'])} is reached, or another symbol"
        " stands for it][/dim]"
    )


def _is_cut(symbol: Mapping[str, Any]) -> bool:
    return bool(symbol["uncapped_score"] != symbol["score"])


def _thresholds(thresholds: Mapping[str, float | None]) -> str:
    words = [f"{_VERDICTS[name]} from {value:g} on" for name, value in thresholds.items() if value is not None]
    none = "" if thresholds["reject"] is not None else "; none is refused for its score"
    return f"A message is {', '.join(words)}{none}."


def _scan(name: str, scan: Mapping[str, Any]) -> Iterator[str]:
    style = {"virus": "red", "failed": "red"}.get(scan["status"], "")
    words = _STATUSES.get(scan["status"], scan["status"])
    if scan["viruses"]:
        words = f"found {', '.join(map(visible, scan['viruses']))}"
    elif scan["score"] is not None:
        required = f" of {scan['required']:g}" if scan["required"] is not None else ""
        words = f"counts {scan['score']:g}{required} on its own scale"
    reason = f": {visible(scan['reason'])}" if scan["reason"] else ""
    told = f"{visible(name)} {words}{reason}"
    yield f"[{style}]{told}[/{style}]" if style else told
    heavy = sorted(scan["symbols"], key=lambda symbol: -abs(symbol["score"]))
    if heavy:
        shown = [f"{visible(each['name'])}{_points(each['score'])}" for each in heavy[:_MAX_SCANNER_SYMBOLS]]
        more = f" and {len(heavy) - len(shown)} more" if len(heavy) > len(shown) else ""
        yield f"  [dim]{', '.join(shown)}{more}[/dim]"


def _points(score: float) -> str:
    """Nothing for 0: SpamAssassin does not tell what its symbols count."""
    return f" {score:+g}" if score else ""


def _greylisting(result: Mapping[str, Any]) -> str:
    reason = f": {visible(result['reason'])}" if result["reason"] else ""
    wait = f" (passes after {result['wait_s']:.0f} s)" if result["wait_s"] else ""
    return f"greylisting: {visible(result['status'])}{wait}{reason}"
