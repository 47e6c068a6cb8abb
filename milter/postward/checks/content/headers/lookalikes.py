# SPDX-License-Identifier: GPL-3.0-or-later
"""What letters look like: text by which two names can be compared as a reader's eye does."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LATIN_OF = {
    # Cyrillic.
    "а": "a", "в": "b", "е": "e", "ё": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t",
    "у": "y", "х": "x", "ѕ": "s", "і": "i", "ї": "i", "ј": "j", "ԁ": "d", "һ": "h", "ӏ": "l", "ԛ": "q", "ԝ": "w",
    "г": "r", "ь": "b", "п": "n",
    # Greek.
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "τ": "t",
    "υ": "u", "χ": "x", "γ": "y",
    # Armenian, and Latin letters that others resemble.
    "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "ı": "i", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ł": "l", "ø": "o",
    "đ": "d", "ħ": "h", "ŧ": "t", "ʟ": "l", "ɪ": "i", "ʀ": "r", "ɴ": "n",
}  # fmt: skip
_TO_LATIN = str.maketrans(_LATIN_OF)
_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s"})
_LONG = 6
"""From so many letters on an i passes for an l."""


def plain_letters(text: str) -> str:
    """The text in small Latin letters, as far as its own resemble some: without accents, width and style."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text).casefold().translate(_TO_LATIN)
    return "".join(character for character in spread if unicodedata.category(character) not in {"Mn", "Cf"})


@lru_cache(maxsize=2_048)
def skeleton(label: str) -> str:
    """A label of a domain (63 characters at most) as it looks at a glance: digits for letters, rn for m, vv for w."""
    plain = plain_letters(label).translate(_DIGITS).replace("rn", "m").replace("vv", "w").replace("-", "")
    return plain.replace("i", "l") if len(plain) >= _LONG else plain


def readable_label(label: str) -> str:
    """The label as a reader may see it: an A-label decoded where that can be done."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
