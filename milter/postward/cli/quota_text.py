# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody has sent of what he may send, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.quota import QuotaUnit
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.quota_report import QuotaReport

_WORDS = {
    QuotaUnit.MESSAGES_PER_HOUR: "messages within an hour",
    QuotaUnit.MESSAGES_PER_DAY: "messages within a day",
    QuotaUnit.RECIPIENTS_PER_HOUR: "recipients within an hour",
    QuotaUnit.RECIPIENTS_PER_DAY: "recipients within a day",
    QuotaUnit.CONCURRENT: "messages at this moment",
}
_WIDTH = max(len(words) for words in _WORDS.values())


def quota_text(report: QuotaReport) -> Iterator[str]:
    """Yield the lines, only of what is limited or was counted."""
    yield f"{report.subject.value}:{escape(report.name)}"
    for unit, words in _WORDS.items():
        limit, used = report.limits.of(unit), report.usage.of(unit)
        if limit is not None:
            yield f"  {words:<{_WIDTH}}  {used:>9,} of {limit:,}"
        elif used:
            yield f"  {words:<{_WIDTH}}  {used:>9,}, no limit"
    if report.limits.are_none:
        yield "  nothing is limited"
    elif report.limits.burst:
        yield f"  up to {report.limits.burst:,} more within an hour now and then"
