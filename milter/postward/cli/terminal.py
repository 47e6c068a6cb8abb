# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal that an answer is read on, and lines that fit it."""

from __future__ import annotations

import shutil
import sys
from textwrap import wrap


def terminal_width() -> int | None:
    """Columns of the terminal; None where none reads the answer: a line for each thing can then be searched."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def folded(line: str, width: int | None, *, indent: int) -> list[str]:
    """Break a line between words; what goes on is set in by ``indent`` columns.  A width of None breaks none."""
    if width is None or len(line) <= width:
        return [line]
    return wrap(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
