# SPDX-License-Identifier: GPL-3.0-or-later
"""How words and scores are written into header fields of ours."""

from __future__ import annotations

import textwrap

_LINE_LENGTH = 76


def points(score: float) -> str:
    """One to three decimals, never an exponent: readers look for digits around a dot."""
    whole, _, decimals = f"{score:.3f}".partition(".")
    text = f"{whole}.{decimals.rstrip('0') or '0'}"
    return "0.0" if text == "-0.0" else text


def is_plain(text: str) -> bool:
    """Whether it may stand in a field as it is: printable ASCII."""
    return text.isascii() and text.isprintable()


def folded(name: str, words: str) -> bytes:
    """Give the value of field ``name``, folded at spaces (RFC 5322 section 2.2.3); ``words`` are printable ASCII."""
    lines = textwrap.wrap(
        words,
        _LINE_LENGTH,
        initial_indent=" " * len(f"{name}: "),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\r\n\t".join(lines).lstrip(" ").encode("ascii")
