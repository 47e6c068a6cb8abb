# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a display name that came from outside again, such that nobody takes it for anything else."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_CHARACTERS = 200
"""A longer name is left out."""

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_ENCODED_CHARACTERS = 11
"""Of an encoded word: 44 octets of UTF-8 at most, so that it keeps within 75 characters (RFC 2047 section 2)."""


def display_phrase(words: Sequence[str], *, smtputf8: bool) -> str:
    """Give the words as a phrase of RFC 5322 section 3.2.5; "" for none, and for one that would mislead.

    A name with an at sign shows an address, which may be another's.  What is not ASCII becomes encoded words
    (RFC 2047), with a fold between them, unless ``smtputf8``.
    """
    words = [" ".join(word.split()) for word in words]
    name = " ".join(filter(None, words))
    if not 0 < len(name) <= MAX_CHARACTERS or not name.isprintable() or "@" in name:
        return ""
    if name.isascii() or smtputf8:
        return " ".join(map(_word, filter(None, words))) if _has_encoded_word(words) else _word(name)
    return "\r\n ".join(_encoded_words(name))


def _has_encoded_word(words: Sequence[str]) -> bool:
    return any(word.startswith("=?") for word in words)


def _word(text: str) -> str:
    """An atom as it is, all else as a quoted string."""
    if _ATOM.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _encoded_words(name: str) -> Iterator[str]:
    for start in range(0, len(name), _ENCODED_CHARACTERS):
        text = b64encode(name[start : start + _ENCODED_CHARACTERS].encode()).decode("ascii")
        yield f"=?utf-8?b?{text}?="
