# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reference/symbols.md: every symbol with its default weight."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from handbook.markdown import NOTE, code, inline, table
from postward.app.symbol_listing import list_caps, list_symbols
from postward.config import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.symbol_listing import SymbolLine

_HEAD = """\
# Symbols

What a message may be found to have, and what that weighs by default: what is above 0 speaks against a
message, what is below 0 speaks for it. The sum is the score ([scoring.md](../scoring.md)). `postward
symbols` lists the same with the weights that hold on your host, and those of DNS lists of your own.
"""


def symbols_page() -> str:
    """Its text."""
    config = load(None)
    lines, caps = list_symbols(config), list_caps(config)
    parts = [NOTE, _HEAD]
    for group, members in groupby(lines, lambda line: line.group):
        parts.append(f"## {group}\n")
        if group in caps:
            parts.append(f"Together they count {caps[group]:g} at most against a message.\n")
        parts.append(table(("symbol", "weight", "meaning"), (_row(line) for line in members)))
    return "\n".join(parts)


def _row(line: SymbolLine) -> tuple[str, str, str]:
    return code(line.name), f"{line.default_weight:+g}", "; ".join(_meaning(line))


def _meaning(line: SymbolLine) -> Iterator[str]:
    yield inline(line.meaning)
    if line.when:
        yield f"where {code(line.when)}"
    if line.replaces:
        yield f"in place of {', '.join(map(code, line.replaces))}"
