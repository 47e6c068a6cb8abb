# SPDX-License-Identifier: GPL-3.0-or-later
"""What a matching rule saw, for the audit line: bounded, and only conditions that speak for the match."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.rules.conditions.base import Finding
    from postward.rules.matching import Match

_MAX_SEEN = 20
_MAX_HITS = 10
_MAX_CHARS = 200


def told(found: Match) -> tuple[tuple[str, str], ...]:
    """Give what was asked and what was seen, each pair once."""
    pairs: dict[tuple[str, str], None] = {}
    for hit in found.hits[:_MAX_HITS]:
        for finding in hit.findings[:1]:
            for leaf in _leaves(finding):
                pairs[leaf.asked[:_MAX_CHARS], leaf.seen[:_MAX_CHARS]] = None
                if len(pairs) >= _MAX_SEEN:
                    return tuple(pairs)
    return tuple(pairs)


def _leaves(finding: Finding) -> Iterator[Finding]:
    if not finding.children:
        if finding.matched and finding.asked:
            yield finding
        return
    for child in finding.children:
        yield from _leaves(child)
