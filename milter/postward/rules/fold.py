# SPDX-License-Identifier: GPL-3.0-or-later
"""Names as people see them: letters that look alike are one, and so are ``Bob Boss`` and ``BOSS, Bob``."""

from __future__ import annotations

import re
import unicodedata

_MAX_CHARS = 512
_ALIKE = {
    # Cyrillic
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ҽ": "e", "ғ": "f", "ԍ": "g", "һ": "h", "н": "h", "і": "l",
    "ї": "l", "ј": "j", "к": "k", "қ": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q", "г": "r",
    "ѕ": "s", "т": "t", "ц": "u", "ѵ": "v", "ԝ": "w", "х": "x", "ҳ": "x", "у": "y", "ү": "y", "ұ": "y", "з": "3",
    "ь": "b", "ѡ": "w", "ө": "o", "є": "e", "э": "e", "ё": "e", "й": "n", "и": "n",
    # Greek
    "α": "a", "β": "b", "ϲ": "c", "δ": "d", "ε": "e", "η": "n", "γ": "y", "ι": "l", "κ": "k", "λ": "l", "μ": "u",
    "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "ω": "w", "χ": "x", "ζ": "z", "ϳ": "j",
    "ϱ": "p", "ϕ": "o", "φ": "o", "θ": "o",
    # Armenian
    "ա": "w", "գ": "q", "զ": "q", "հ": "h", "ո": "n", "ս": "u", "ց": "g", "օ": "o", "ք": "f", "յ": "j", "լ": "l",
    # Cherokee, in the form that case folding gives
    "Ꭰ": "d", "Ꭱ": "r", "Ꭲ": "t", "Ꭺ": "a", "Ꭻ": "j", "Ꭼ": "e", "Ꮃ": "w", "Ꮇ": "m", "Ꮋ": "h", "Ꮐ": "g", "Ꮓ": "z",
    "Ꮢ": "r", "Ꮤ": "w", "Ꮩ": "v", "Ꮪ": "s", "Ꮮ": "l", "Ꮯ": "c", "Ꮲ": "p", "Ᏼ": "b", "Ꮶ": "k",
    # Latin letters that no decomposition takes apart
    "ı": "l", "ɩ": "l", "ł": "l", "ɫ": "l", "ƚ": "l", "ǀ": "l", "ø": "o", "ɵ": "o", "đ": "d", "ɗ": "d", "ð": "d",
    "ħ": "h", "ŧ": "t", "ƒ": "f", "ɡ": "g", "ɢ": "g", "ɑ": "a", "ə": "e", "ɛ": "e", "ʀ": "r", "ɴ": "n", "ŋ": "n",
    "ɪ": "l", "ʟ": "l", "ᴏ": "o", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ʜ": "h", "ᴊ": "j", "ᴋ": "k",
    "ᴍ": "m", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z", "ꜱ": "s", "ʋ": "v", "ƨ": "s",
    "þ": "p", "æ": "ae", "œ": "oe",
    # Digits and signs
    "0": "o", "1": "l", "|": "l", "!": "l", "i": "l", "$": "s", "@": "a",
}  # fmt: skip
_TABLE = str.maketrans(_ALIKE)
# Capital letters that look like others than their small ones do.
_CAPITALS = str.maketrans({"Η": "h", "Ν": "n", "Υ": "y", "Μ": "m", "Տ": "s", "Ս": "u", "Ո": "n", "Ց": "8"})
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\S+@\S+")
_WORD = re.compile(r"[^\W_]+")
_PAIRS = (("rn", "m"), ("vv", "w"))


def fold_letters(text: str) -> str:
    """Give what text looks like, in a form of its own: the same for all that cannot be told apart at a glance.

    It is for comparisons alone; ``i``, ``l`` and ``1`` are one letter of it.
    """
    decomposed = unicodedata.normalize("NFKD", text[:_MAX_CHARS])
    plain = "".join(char for char in decomposed if not _is_mark(char))
    plain = plain.translate(_CAPITALS).casefold().translate(_TABLE)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain


def fold_name(name: str) -> str:
    """Give the name of a person in the form in which names are compared; "" where there is no letter in it.

    The order of its words does not count, nor do asides in brackets, addresses, quotes and other signs.
    """
    plain = _ASIDE.sub(" ", name[:_MAX_CHARS]) if "(" in name or "[" in name or "<" in name or "@" in name else name
    words = _WORD.findall(fold_letters(plain))
    return " ".join(sorted(words))


def _is_mark(char: str) -> bool:
    # Mn and Me stand on a letter; Cf takes no room (zero width joiners, direction marks).
    return unicodedata.category(char) in ("Mn", "Me", "Cf")
