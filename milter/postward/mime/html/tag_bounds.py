# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds for single tags: what libxml2 before 2.14 needs for one grows with the square of its attributes."""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 500
"""Of one tag; those behind are left out."""
_MAX_EFFORT = 8
"""How often each character may be looked at on the average: tags that begin within tags are looked at again."""
_SHORTEST = 2 * MAX_ATTRIBUTES
"""Of a tag that may have more: each attribute takes a letter and what separates it."""
# From every mark that may open a tag, whatever it stands in, up to where that tag ends: a reader may see tags where
# another sees text.  Quotes count behind an equals sign only (HTML Standard 13.2.5.32 to 13.2.5.38).
_TAG = re.compile(
    r"""<(?=([A-Za-z](?>(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+){0,5000})[^>]*+))""", re.ASCII
)
_ATTRIBUTE = re.compile(r"""([^\s/>="']++)(?:\s*+=\s*+(?:"([^"]*+)"?+|'([^']*+)'?+|([^\s>]++)))?+""", re.ASCII)
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]{0,99}")
_ESCAPED = str.maketrans({'"': "&quot;", "<": "&lt;", ">": "&gt;"})


def bound_tags(source: str) -> str | None:
    """The source, in which no tag has more attributes than that; None where tags begin within tags without end."""
    allowed = _MAX_EFFORT * len(source) + 65_536
    pieces: list[str] = []
    done = 0
    for match in _TAG.finditer(source):
        start, end = match.span(1)
        allowed -= end - start
        if allowed < 0:
            return None
        if end - start > _SHORTEST and start >= done and _has_too_many(match[1]):
            pieces += (source[done:start], _rewritten(match[1]))
            done = end
    return "".join([*pieces, source[done:]]) if pieces else source


def _has_too_many(tag: str) -> bool:
    """By either way to count: as the standard says, and by blanks alone, which count within quotes too."""
    return len(tag.split(None, MAX_ATTRIBUTES + 1)) > MAX_ATTRIBUTES or _outnumbers(tag)


def _outnumbers(tag: str) -> bool:
    return sum(1 for _, _ in zip(range(MAX_ATTRIBUTES + 2), _ATTRIBUTE.finditer(tag), strict=False)) > MAX_ATTRIBUTES


def _rewritten(tag: str) -> str:
    """The same with its first attributes, in the one form that all read alike, without what may open a tag."""
    name, *found = (match for _, match in zip(range(MAX_ATTRIBUTES), _ATTRIBUTE.finditer(tag), strict=False))
    kept = [tag[: name.end(1)] if _NAME.fullmatch(name[1]) else "span"]
    for attribute in found:
        if _NAME.fullmatch(attribute[1]):
            value = attribute[2] or attribute[3] or attribute[4] or ""
            kept.append(f'{attribute[1]}="{value.translate(_ESCAPED)}"')
    return " ".join(kept)
