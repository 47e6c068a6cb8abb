# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole words and phrases in text, with boundaries as Unicode has them (those of RE2 know ASCII only)."""

from __future__ import annotations


def find_word(word: str, text: str) -> bool:
    """Whether a word stands in the text with no letter or digit on either side of it; both are folded.

    A side on which the word itself ends in neither needs nothing beside it: ``[secure]`` is found in ``x[secure]``.
    """
    before, behind = word[:1].isalnum(), word[-1:].isalnum()
    start = text.find(word)
    while start != -1:
        end = start + len(word)
        if not (before and start and _is_inside(text[start - 1])) and not (behind and _is_inside(text[end : end + 1])):
            return True
        start = text.find(word, start + 1)
    return False


def _is_inside(char: str) -> bool:
    return char.isalnum()
