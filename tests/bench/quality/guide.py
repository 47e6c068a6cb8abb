# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the figures of docs/quality.md in step with what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.tables import as_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.tables import Table

GUIDE = Path(__file__).parents[3] / "docs" / "quality.md"


def with_figures(text: str, tables: Mapping[str, Table]) -> str:
    """Put each table between its marks, ``<!-- NAME -->`` and ``<!-- end of NAME -->``.

    Raises ValueError where the text has no such marks.
    """
    for name, table in tables.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, found, rest = text.partition(start)
        _, is_ended, after = rest.partition(end)
        if not found or not is_ended:
            raise ValueError(f"there are no marks for {name}")
        rows = as_markdown(table).partition("\n\n")[2]
        text = f"{before}{start}\n{rows}\n{end}{after}"
    return text
