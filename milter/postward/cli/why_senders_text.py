# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``postward why`` tells of the sender: what was known of him, and the limit that he would have passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_UNITS = {
    "messages_per_hour": "messages an hour",
    "messages_per_day": "messages a day",
    "recipients_per_hour": "recipients an hour",
    "recipients_per_day": "recipients a day",
    "concurrent": "messages at a time",
}
_SUBJECTS = {"recipient_domain": "the recipients' domain"}


def senders_text(event: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines; none where neither was asked."""
    yield from _reputation(event)
    yield from _quota(event)


def _reputation(event: Mapping[str, Any]) -> Iterator[str]:
    points, reason = event.get("reputation_points"), _text(event, "reputation_reason")
    if not isinstance(points, int | float):
        return
    yield f"  reputation: {f'counts {points:+.2f}' if points else 'counts nothing'}{f': {reason}' if reason else ''}"
    percents = event.get("reputation")
    if isinstance(percents, dict) and percents:
        told = ", ".join(f"{escape(str(kind))} {escape(str(percent))} %" for kind, percent in percents.items())
        yield f"           of its mail is expected to be bad: {told}"
    if event.get("correspondent") is True:
        yield "           its recipients have written to the author"


def _quota(event: Mapping[str, Any]) -> Iterator[str]:
    if "quota" in event:
        subject, _, unit = _text(event, "quota").partition(":")
        wait_s = event.get("quota_wait_s")
        wait = f"; there is room again in {wait_s:.0f} s" if isinstance(wait_s, int | float) else ""
        yield (
            f"  quota: too much for {_SUBJECTS.get(subject, f'the {subject}')} {_text(event, 'quota_name')}".rstrip()
            + f": {_text(event, 'quota_used')} of {_text(event, 'quota_limit')} {_UNITS.get(unit, unit)} are used{wait}"
        )
    if event.get("quota_local") is True:
        yield "           counted by this worker alone: Redis did not answer"


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    return "" if value is None else escape(str(value))
