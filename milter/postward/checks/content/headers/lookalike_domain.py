# SPDX-License-Identifier: GPL-3.0-or-later
"""A domain of the author that is there to be taken for another one."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.brands import LOOKED_AT
from postward.checks.content.headers.lookalikes import plain_letters, readable_label, skeleton
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_LEAST_CHARACTERS = 5
"""Shorter names are like too many others."""
_BRAND_SKELETONS = {skeleton(label): label for label in sorted(LOOKED_AT)}

MIXED = SymbolDefinition(
    name="DOMAIN_MIXED_SCRIPT",
    score=0.5,
    group="sender",
    meaning="the author's domain mixes letters of different scripts that look alike",
)
DISGUISED = SymbolDefinition(
    name="DOMAIN_DISGUISED",
    score=0.5,
    group="sender",
    meaning="the author's domain is written in another script so as to look like a Latin name",
)
LIKE_OURS = SymbolDefinition(
    name="DOMAIN_LIKE_OURS", score=0.5, group="sender", meaning="the author's domain looks like ours, and is not"
)
LIKE_BRAND = SymbolDefinition(
    name="DOMAIN_LIKE_BRAND",
    score=0.5,
    group="sender",
    meaning="the author's domain looks like that of a well-known firm, and is not",
)


def _find(letter: Letter) -> Iterator[Finding]:
    domain = letter.author_domain
    registered = letter.organizational(domain)
    if not registered:
        return
    if "xn--" in domain:
        yield from _scripts(domain)
    label = readable_label(registered.partition(".")[0])
    yield from _like_ours(letter, domain, registered, label)
    brand = _BRAND_SKELETONS.get(skeleton(label))
    if brand is not None and label not in LOOKED_AT and label.replace("-", "") != brand:
        yield Finding(LIKE_BRAND.name, shown(domain))


def _scripts(domain: str) -> Iterator[Finding]:
    for label in map(readable_label, domain.split(".")):
        scripts = {_script(character) for character in label if character.isalpha()}
        if label.isascii() or not scripts & {"CYRILLIC", "GREEK", "ARMENIAN"}:
            continue
        if "LATIN" in scripts:
            yield Finding(MIXED.name, shown(domain))
            return
        # A word of that script has some letter that is like no Latin one, and a suffix of that script is its home.
        if plain_letters(label).isascii() and not domain.rpartition(".")[2].startswith("xn--"):
            yield Finding(DISGUISED.name, shown(domain))
            return


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _like_ours(letter: Letter, domain: str, registered: str, label: str) -> Iterator[Finding]:
    own = letter.own_domains
    if registered in own:
        return
    look = skeleton(label)
    for ours in own:
        name = readable_label(ours.partition(".")[0])
        # The same name under another suffix is another country's, mostly.
        if label == name:
            continue
        is_alike = len(name) >= _LEAST_CHARACTERS and look == skeleton(name)
        if is_alike or f".{ours}." in f".{domain}":
            yield Finding(LIKE_OURS.name, shown(f"{domain} ({ours})"))
            return


CHECK = ContentCheck(name="lookalike_domain", symbols=(MIXED, DISGUISED, LIKE_OURS, LIKE_BRAND), find=_find)
