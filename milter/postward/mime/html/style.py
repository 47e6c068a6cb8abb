# SPDX-License-Identifier: GPL-3.0-or-later
"""What declarations of style say about whether text is seen (CSS 2.2, CSS Color 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from postward.mime.html.colour import Colour, read_colour

_MAX_CHARACTERS = 2_000
"""Of one list of declarations; what is behind is not read."""
_MAX_DECLARATIONS = 100
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?")
_LENGTH = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(px|pt|em|rem|ex|ch|%|in|cm|mm|pc|vw|vh)?")
_URL = re.compile(r"url\(\s{0,9}[\"']?([^\"')\s]{1,2000})", re.IGNORECASE)
_TINY_PX = 1.0
_RELATIVE = frozenset({"em", "%", "ex", "ch"})
_SIZES = frozenset({"height", "max-height", "width", "max-width"})
_KNOWN = frozenset({
    "display", "visibility", "opacity", "font-size", "font", "color", "background", "background-color",
    "background-image", "overflow", "text-indent", *_SIZES,
})  # fmt: skip
_CLIPS = frozenset({"hidden", "clip"})
_FAR_PX = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Only what differs from saying nothing; None where nothing is said."""

    is_gone: bool = False
    """Neither it nor anything within is seen, whatever that says of itself."""
    is_invisible: bool | None = None
    """visibility; what is within may say otherwise."""
    is_tiny: bool | None = None
    """font-size; what is within may say otherwise."""
    colour: Colour | str | None = None
    ground: Colour | str | None = None
    """Colour of the background, "picture" for one that nobody can tell the colour of."""
    url: str = ""
    """Of the first picture."""


PLAIN = Style()


def read_style(declarations: str) -> Style:
    """Read ``name: value; ...``; what is not understood counts for nothing."""
    return _read(declarations[:_MAX_CHARACTERS])


@lru_cache(maxsize=1_024)
def _read(declarations: str) -> Style:
    said: dict[str, str] = {}
    text = _COMMENT.sub("", declarations) if "/*" in declarations else declarations
    for declaration in text.split(";", _MAX_DECLARATIONS)[:_MAX_DECLARATIONS]:
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        if name in _KNOWN:
            said[name] = value.lower().replace("!important", "").strip()
    return _style_of(said, text) if said else PLAIN


def _style_of(said: dict[str, str], text: str) -> Style:
    ground = _ground(said)
    match = _URL.search(text) if ground == "picture" else None
    return Style(
        is_gone=_is_gone(said),
        is_invisible=_is_invisible(said.get("visibility", "")),
        is_tiny=_is_tiny(said.get("font-size", "")) if "font-size" in said else _is_tiny_font(said.get("font", "")),
        colour=read_colour(said.get("color", "")),
        ground=ground,
        url=match[1] if match is not None else "",
    )


def _is_gone(said: dict[str, str]) -> bool:
    if said.get("display") == "none" or _is_zero(said.get("opacity", "")):
        return True
    if -_pixels(said.get("text-indent", "")) >= _FAR_PX:
        return True
    return said.get("overflow") in _CLIPS and any(_is_zero(said.get(name, "")) for name in _SIZES)


def _is_invisible(value: str) -> bool | None:
    return value in {"hidden", "collapse"} if value and value != "inherit" else None


def _is_tiny(value: str) -> bool | None:
    """Of a size that is a share of the outer one only nothing says something."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return False if value and value != "inherit" else None
    if match[1] in _RELATIVE:
        return True if _is_zero(value) else None
    # Points are larger; of other units only nothing is tiny.
    return _number(value) <= (_TINY_PX if match[1] in {"px", "pt", None} else 0.0)


def _is_tiny_font(value: str) -> bool | None:
    """``font: 0/0 a`` and the like."""
    sizes = [_is_zero(word.partition("/")[0]) for word in value.split()]
    return any(sizes) if sizes else None


def _is_zero(value: str) -> bool:
    return _LENGTH.fullmatch(value) is not None and _number(value) == 0


def _pixels(value: str) -> float:
    match = _LENGTH.fullmatch(value)
    return _number(value) if match is not None and match[1] in {"px", "pt"} else 0.0


def _number(value: str) -> float:
    return float(value.rstrip("abcdefghijklmnopqrstuvwxyz%"))


def _ground(said: dict[str, str]) -> Colour | str | None:
    background = said.get("background", "")
    if "url(" in background or "gradient" in background or _has_picture(said.get("background-image", "")):
        return "picture"
    colour = read_colour(said["background-color"]) if "background-color" in said else None
    if colour is not None or not background:
        return colour
    return read_colour(background) or read_colour(background.split(maxsplit=1)[0])


def _has_picture(value: str) -> bool:
    return "url(" in value or "gradient" in value
