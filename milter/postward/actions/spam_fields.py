# SPDX-License-Identifier: GPL-3.0-or-later
"""The X-Spam-* fields in the forms of SpamAssassin, by which mail stores and users sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.field_text import points
from postward.model.action import AddHeader
from postward.model.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.model.symbol import Symbol
    from postward.model.verdict import Decision

_MAX_STARS = 50
_LINE_LENGTH = 76


def spam_fields(
    decision: Decision,
    symbols: tuple[Symbol, ...],
    *,
    score: float,
    junk_threshold: float,
    not_checked: Mapping[str, str],
) -> Iterator[AddHeader]:
    """Yield the fields in the order in which they shall stand; every text in them is our own."""
    junk = decision.verdict not in {Verdict.HAM, Verdict.SUSPECT}
    yield AddHeader(name="X-Spam-Flag", value=b"YES" if junk else b"NO")
    yield AddHeader(name="X-Spam-Score", value=points(score).encode())
    if score >= 1:
        yield AddHeader(name="X-Spam-Level", value=b"*" * min(int(score), _MAX_STARS))
    head = f"{'Yes' if junk else 'No'}, score={points(score)} required={points(junk_threshold)}"
    tests = [f"{symbol.name}={points(symbol.score)}" for symbol in symbols] or ["none"]
    yield AddHeader(name="X-Spam-Status", value=_status(head, tests, sorted(not_checked)))


def _status(head: str, tests: list[str], not_checked: list[str]) -> bytes:
    lines = [head]
    for word in _words("tests", tests) + _words("not_checked", not_checked):
        if len(lines[-1]) + len(word) < _LINE_LENGTH and not word.startswith(("tests=", "not_checked=")):
            lines[-1] += word
        else:
            lines.append(word)
    return "\r\n\t".join(lines).encode("ascii")


def _words(label: str, items: list[str]) -> list[str]:
    """Split ``label=a,b,c`` into pieces between which the field may be folded."""
    if not items:
        return []
    pieces = [f"{item}," for item in items[:-1]] + [items[-1]]
    return [f"{label}={pieces[0]}", *pieces[1:]]
