# SPDX-License-Identifier: GPL-3.0-or-later
"""Style sheets within a document: rules for one class or one id, as those that hide text have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.mime.html.style import read_style

if TYPE_CHECKING:
    from postward.mime.html.style import Style

MAX_SHEET_CHARACTERS = 65_536
_MAX_RULES = 500
# Marks of HTML count for nothing (CSS Syntax 3, 4.3.1).
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|<!--|-->")
_SELECTOR = re.compile(r"[a-z0-9]{0,10}([.#][A-Za-z_][A-Za-z0-9_-]{0,99})")


def read_sheet(text: str) -> dict[str, Style]:
    """By ``.class`` or ``#id`` what hides; rules within ``@media`` and the like hold at some times only: not read."""
    rules: dict[str, Style] = {}
    depth, count = 0, 0
    head = ""
    # Between two braces stands either what opens the next block, or what is in one.
    for piece in re.split(r"([{}])", _COMMENT.sub(" ", text[:MAX_SHEET_CHARACTERS])):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth, head = max(0, depth - 1), ""
        elif depth == 0:
            head = piece
        elif depth == 1 and not head.lstrip().startswith("@") and count < _MAX_RULES:
            count += 1
            _add(rules, head, piece)
    return rules


def _add(rules: dict[str, Style], head: str, declarations: str) -> None:
    style = read_style(declarations)
    if not (style.is_gone or style.is_invisible):
        return
    for selector in head.rpartition(";")[2].split(",", _MAX_RULES):
        match = _SELECTOR.fullmatch(selector.strip())
        if match is not None:
            rules[match[1]] = style
