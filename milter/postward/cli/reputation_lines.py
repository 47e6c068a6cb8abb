# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``postward scan`` tells of the sender: what is known of him, and the limit that he would have passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postward.cli.rule_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def reputation_lines(report: Mapping[str, Any] | None) -> Iterator[str]:
    """Give, with rich's markup, what ``app.reputation_report.reputation_report`` tells, a line each."""
    if not report:
        return
    points = f"counts {report['points']:+g}" if report["points"] else "counts nothing"
    reason = f": {visible(report['reason'])}" if report["reason"] else ""
    yield f"reputation {points}{reason}"
    for identity in report["identities"]:
        yield f"  [dim]{_identity(identity)}[/dim]"
    if report["is_correspondent"]:
        yield "  its recipients have written to the author"


def quota_lines(report: Mapping[str, Any] | None) -> Iterator[str]:
    """Give the same of ``quota_report``."""
    excess = (report or {}).get("excess")
    if excess:
        used = f"{excess['used']} of {excess['limit']} {excess['unit'].replace('_', ' ')}"
        yield f"quota: {excess['subject']} {visible(excess['name'])} has used {used}"


def _identity(identity: Mapping[str, Any]) -> str:
    record = identity["record"]
    messages = f"{record['seen']:,.0f} messages" if record else "not seen before"
    return (
        f"{identity['kind']} {visible(identity['name'])}: {identity['bad_percent']:.1f} % expected to be bad, surely"
        f" {identity['surely_bad_percent']:.1f} %; confidence {identity['confidence']:.2f}, {messages}"
    )
