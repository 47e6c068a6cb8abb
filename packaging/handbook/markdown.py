# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in Markdown, as it is written in the documentation."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTE = "<!-- Made by packaging/generate.py from the program itself; edit that. -->\n"
_CODE = re.compile(r"(`[^`]+`)")
_SPECIAL = re.compile(r"([\\*<>\[\]|]|(?<!\w)_|_(?!\w))")


def inline(text: str) -> str:
    """A sentence; what stands between backticks is code."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(
        code(part.strip("`")) if index % 2 else _SPECIAL.sub(r"\\\1", part) for index, part in enumerate(parts)
    )


def code(text: str) -> str:
    """What is typed as it stands; with a bar in it, which would end the cell of a table, as HTML."""
    return f"<code>{html.escape(text, quote=False).replace('|', '&#124;')}</code>" if "|" in text else f"`{text}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are Markdown already."""
    written = [f"| {' | '.join(head)} |", f"|{'|'.join('---' for _ in head)}|"]
    written += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(written) + "\n"
