# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours as style sheets and old attributes name them (CSS Color 4, HTML Standard 2.3.6)."""

from __future__ import annotations

import re
from functools import lru_cache

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
LINK_BLUE: Colour = (0, 0, 238)
"""Of a link that has no colour of its own: it does not take that of the text around it."""
_MAX_CHARACTERS = 64
_NEAR = 12
"""Steps of 255 between two colours that no eye tells apart."""
_VISIBLE_ALPHA = 0.1
_SHORT_FORMS = (3, 4)
_LONG_FORMS = (6, 8)
_NAMED: dict[str, Colour] = {
    "aqua": (0, 255, 255), "aliceblue": (240, 248, 255), "azure": (240, 255, 255), "beige": (245, 245, 220),
    "black": BLACK, "blue": (0, 0, 255), "brown": (165, 42, 42), "cyan": (0, 255, 255), "darkblue": (0, 0, 139),
    "darkgray": (169, 169, 169), "darkgreen": (0, 100, 0), "darkgrey": (169, 169, 169), "darkred": (139, 0, 0),
    "dimgray": (105, 105, 105), "dimgrey": (105, 105, 105), "floralwhite": (255, 250, 240), "fuchsia": (255, 0, 255),
    "gainsboro": (220, 220, 220), "ghostwhite": (248, 248, 255), "gold": (255, 215, 0), "gray": (128, 128, 128),
    "green": (0, 128, 0), "grey": (128, 128, 128), "honeydew": (240, 255, 240), "ivory": (255, 255, 240),
    "lavender": (230, 230, 250), "lavenderblush": (255, 240, 245), "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211), "lime": (0, 255, 0), "linen": (250, 240, 230), "magenta": (255, 0, 255),
    "maroon": (128, 0, 0), "mintcream": (245, 255, 250), "navy": (0, 0, 128), "oldlace": (253, 245, 230),
    "olive": (128, 128, 0), "orange": (255, 165, 0), "pink": (255, 192, 203), "purple": (128, 0, 128),
    "red": (255, 0, 0), "seashell": (255, 245, 238), "silver": (192, 192, 192), "snow": (255, 250, 250),
    "teal": (0, 128, 128), "white": WHITE, "whitesmoke": (245, 245, 245), "window": WHITE, "windowtext": BLACK,
    "yellow": (255, 255, 0),
}  # fmt: skip
_FUNCTION = re.compile(
    r"rgba?\(\s*+([0-9.]{1,9})(%?)[\s,]++([0-9.]{1,9})(%?)[\s,]++([0-9.]{1,9})(%?)\s*+(?:[,/]\s*+([0-9.]{1,9})(%?)\s*+)?\)"
)


def are_near(one: Colour, other: Colour) -> bool:
    """No reader tells them apart."""
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def read_colour(word: str) -> Colour | str | None:
    """Of a lower-case word; "transparent" for one that lets all through, None for what is not known here."""
    return _read(word) if len(word) <= _MAX_CHARACTERS else None


@lru_cache(maxsize=1_024)
def _read(word: str) -> Colour | str | None:
    if word == "transparent":
        return word
    if word.startswith("rgb"):
        return _of_function(word)
    return _NAMED.get(word) or _of_hex(word.removeprefix("#"))


def _of_hex(digits: str) -> Colour | str | None:
    """Old attributes leave the sharp out, as in ``bgcolor=ffffff``."""
    if len(digits) in _SHORT_FORMS:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in _LONG_FORMS or set(digits) - set("0123456789abcdef"):
        return None
    red, green, blue, *alpha = bytes.fromhex(digits)
    return "transparent" if alpha and alpha[0] < 255 * _VISIBLE_ALPHA else (red, green, blue)


def _of_function(word: str) -> Colour | str | None:
    match = _FUNCTION.fullmatch(word)
    if match is None:
        return None
    try:
        red, green, blue = (_channel(match[group], match[group + 1]) for group in (1, 3, 5))
        alpha = 1.0 if match[7] is None else float(match[7]) / (100 if match[8] else 1)
    except ValueError:
        return None
    return "transparent" if alpha < _VISIBLE_ALPHA else (red, green, blue)


def _channel(number: str, percent: str) -> int:
    return min(255, round(float(number) * (2.55 if percent else 1)))
