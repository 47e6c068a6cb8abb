# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport rules in the answer of ``postward why``: what each saw, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def rules_text(events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Tell the rules that matched one message, or failed; nothing in it can move the cursor or hide text."""
    if not events:
        return
    yield "Which rules matched"
    for event in events:
        yield from _rule(event)


def _rule(event: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {_text(event, 'rule')}{_remarks(event)}"
    if error := _text(event, "error"):
        yield f"    failed   {error}"
    if recipients := _texts(event, "rcpt"):
        yield f"    for      {', '.join(recipients)}"
    yield from (f"    saw      {seen}" for seen in _texts(event, "seen"))
    done = "would have" if event.get("mode") == "audit" else "did"
    yield from (f"    {done:<7}  {action}" for action in _texts(event, "actions"))
    yield from (f"    refused  {action}" for action in _texts(event, "refused"))


def _remarks(event: Mapping[str, Any]) -> str:
    remarks = ["audit: nothing was done"] if event.get("mode") == "audit" else []
    if severity := _text(event, "severity"):
        remarks.append(f"severity {severity}")
    if digest := _text(event, "digest"):
        remarks.append(f"rules {digest[:12]}")
    return f"  ({', '.join(remarks)})" if remarks else ""


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    return "" if value is None else escape(str(value))


def _texts(event: Mapping[str, Any], key: str) -> list[str]:
    value = event.get(key)
    return [escape(str(text)) for text in value] if isinstance(value, list) else []
