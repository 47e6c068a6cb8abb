# SPDX-License-Identifier: GPL-3.0-or-later
"""What a contender has found in the corpus, counted and held against what is in it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.bench.corpus import CorpusMessage
    from tests.bench.load import Answer

_RESULT = re.compile(r";\s*(spf|dkim|dmarc|arc)\s*=\s*([a-z]+)")
_QUOTED_OR_COMMENT = re.compile(r'"[^"]*"|\([^()]*\)')
_REPORTS_NOTHING = "none"


def results(added: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the result of each method in the Authentication-Results fields that were added.

    One pass settles a method: a second identity may have failed (RFC 8601 section 2.7).
    """
    found: dict[str, str] = {}
    for name, value in added:
        if name.lower() == "authentication-results":
            for method, result in _RESULT.findall(_QUOTED_OR_COMMENT.sub("", value)):
                if found.get(method) != "pass":
                    found[method] = result
    return found


def passes(found: Iterable[dict[str, str]]) -> Counter[str]:
    """Count the messages that pass each method."""
    return Counter(method for one in found for method, result in one.items() if result == "pass")


def shortfalls(answers: Sequence[Answer], messages: Sequence[CorpusMessage], methods: Iterable[str]) -> list[str]:
    """Say in words where the passes of ``methods`` are not those that the corpus has; empty where all is right."""
    found = passes(results(answer.added) for answer in answers)
    expected = passes(message.expected for message in messages)
    return [
        f"{method}: {found[method]} pass of {expected[method]} expected"
        for method in methods
        if found[method] != expected[method]
    ]
