# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of ``postward symbols`` for people: a table, each group under its name."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from postward.app.symbol_listing import Origin
from postward.cli.terminal import folded
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.app.symbol_listing import SymbolLine

_WEIGHT_WIDTH = 8
_LEAST_MEANING = 24
"""In a narrower column nobody can read; the terminal then breaks the lines."""
_SHARED = frozenset({"SPAMASSASSIN", "RSPAMD"})
"""What counts a share of the scanner's own score, unless a weight is given."""


def symbols_text(lines: Sequence[SymbolLine], caps: Mapping[str, float], width: int | None) -> Iterator[str]:
    """Give the table, line for line; it is ``width`` columns wide, or each symbol has one line where that is None."""
    names, origins = (
        _column("symbol", [each.name for each in lines]),
        _column("origin", [each.origin for each in lines]),
    )
    yield f"{'weight':>{_WEIGHT_WIDTH}}  {'symbol':<{names}}  {'origin':<{origins}}  meaning"
    for group, of_group in groupby(lines, key=lambda line: line.group):
        yield ""
        yield f"{group} (together {caps[group]:g} at most against a message)" if group in caps else group
        for line in of_group:
            start = f"{_weight(line):>{_WEIGHT_WIDTH}}  {line.name:<{names}}  {line.origin:<{origins}}  "
            yield from _folded(start, escape(line.meaning), width)
            if line.is_composite:
                yield from _folded(" " * (_WEIGHT_WIDTH + 2), f"when {line.when}{_replaced(line)}", width)


def _column(heading: str, cells: Sequence[str]) -> int:
    return max(len(heading), *map(len, cells))


def _folded(start: str, words: str, width: int | None) -> list[str]:
    """Begin with ``start``, and go on below the first of the words."""
    is_narrow = width is not None and width - len(start) < _LEAST_MEANING
    return folded(start + words, None if is_narrow else width, indent=len(start))


def _weight(line: SymbolLine) -> str:
    if line.name in _SHARED and line.origin is Origin.DEFAULT:
        return "share"
    return f"{line.weight:+.2f}"


def _replaced(line: SymbolLine) -> str:
    return f"; then nothing counts of {', '.join(line.replaces)}" if line.replaces else ""
