# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the documentation, their blocks of code, and the code within their sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Generated from the program itself, by what compares it with the program.
GENERATED = ("docs/reference/",)

_FENCE = re.compile(r"(?ms)^```(?P<kind>\w*)\n(?P<text>.*?)^```$")
_INLINE = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Give the path of each page that people write, from the root of the project."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "conf").rglob("*.md")]
    names = sorted(path.relative_to(ROOT).as_posix() for path in found)
    return [name for name in names if not name.startswith(GENERATED)]


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    text = text_of(page)
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found["kind"], found["text"])
        for found in _FENCE.finditer(text)
    ]


def inline_code(page: str) -> list[tuple[int, str]]:
    """Give the code within sentences and tables, each with its line; a bar of a table is written with a backslash."""
    text = _FENCE.sub(lambda block: "\n" * block[0].count("\n"), text_of(page))
    return [
        (text.count("\n", 0, found.start()) + 1, found[1].replace("\n", " ").replace("\\|", "|"))
        for found in _INLINE.finditer(text)
    ]
