# SPDX-License-Identifier: GPL-3.0-or-later
"""Links to names with letters of other scripts, which look like the names of well-known sites (UTS 39)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PREFIX = "xn--"
_LIKE_LATIN = frozenset("аеорсхуіјѕԁһӏԛԝьгтнмвкпαινορτυκχ")
"""Cyrillic and Greek letters that look like Latin ones."""
_CHINESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})
_MAX_LABEL = 63
_MIXED = SymbolDefinition(
    name="LINK_MIXED_SCRIPTS",
    score=0.5,
    group="links",
    meaning="the name of a site in a link mixes scripts, or looks like another name",
)


def _find(letter: Letter) -> Iterator[Finding]:
    hosts = {link.host for link in letter.clicked if _PREFIX in link.host}
    host = next(filter(is_disguised, sorted(hosts)), "")
    if host:
        yield Finding(_MIXED.name, host[:200])


def is_disguised(host: str) -> bool:
    """Tell of a name in A-labels whether a label has Latin letters and others, or only such as look like Latin."""
    *labels, top = host.split(".")
    return any(_is_disguised_label(label, top) for label in labels if label.startswith(_PREFIX))


@lru_cache(maxsize=1_024)
def _is_disguised_label(label: str, top: str) -> bool:
    try:
        text = label[len(_PREFIX) : _MAX_LABEL].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return False
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in text if letter.isalpha()}
    if "LATIN" in scripts:
        return bool(scripts - {"LATIN"} - _CHINESE)
    # Such a name is what it looks like below a top-level domain of its own script.
    return bool(scripts) and scripts <= {"CYRILLIC", "GREEK"} and top.isascii() and _looks_latin(text, top)


def _looks_latin(text: str, top: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return not top.startswith(_PREFIX) and len(letters) > 1 and _LIKE_LATIN.issuperset(letters)


CHECK = ContentCheck(name="disguised_site", symbols=(_MIXED,), find=_find)
