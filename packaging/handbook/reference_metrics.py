# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reference/metrics.md: every metric with its labels, and what these may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.markdown import NOTE, code, inline, table
from postward.observability.families import FAMILIES, OTHER

if TYPE_CHECKING:
    from postward.observability.families import Label

_HEAD = """\
# Metrics

Where they are served, how they count and what they cost is in [metrics.md](../metrics.md); which of them
to watch is in [monitoring.md](../monitoring.md).
"""
_BY_CONFIGURATION = {
    "list": "the DNS lists that are switched on",
    "plugin": "the plugins that there are",
    "rule": "the ids of the rules in force",
    "symbol": "the [symbols](symbols.md) that Postward knows",
    "version": "the version that runs",
}


def metrics_page() -> str:
    """Its text."""
    listed = table(
        ("name", "kind", "labels", "meaning"),
        (
            (
                code(family.name),
                family.kind.value,
                ", ".join(code(label.name) for label in family.labels) or "–",
                inline(family.description),
            )
            for family in FAMILIES.values()
        ),
    )
    values = table(("label", "of", "values"), ((code(name), users, said) for name, said, users in _label_rows()))
    more = f"A value that is not listed counts as `{OTHER}`.\n"
    return f"{NOTE}\n{_HEAD}\n{listed}\n## Values of the labels\n\n{more}\n{values}"


def _label_rows() -> list[tuple[str, str, str]]:
    """Each label with what it may say, and where; the same name may say other things elsewhere."""
    users: dict[tuple[str, str], list[str]] = {}
    for family in FAMILIES.values():
        for label in family.labels:
            users.setdefault((label.name, _values(label)), []).append(code(family.name))
    return sorted((name, said, ", ".join(of)) for (name, said), of in users.items())


def _values(label: Label) -> str:
    if label.values is None:
        return _BY_CONFIGURATION[label.name]
    return ", ".join(sorted(map(inline, label.values)))
