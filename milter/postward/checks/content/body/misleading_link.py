# SPDX-License-Identifier: GPL-3.0-or-later
"""A link that shows the address of one site and leads to another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import own_domains
from postward.checks.content.content_check import ContentCheck
from postward.checks.content.proven_author import is_author_proven
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.links.link import Link

# With a scheme or "www.": other words with a dot in them are names (Node.js, Booking.com).
_SHOWN_URL = re.compile(r"\s{0,9}(?:https?://|(?=www\.))([a-z0-9.-]{4,253}+)(?![\w…])", re.IGNORECASE)
_GATES = frozenset({
    "outlook.com", "urldefense.com", "proofpoint.com", "fireeye.com", "trellix.com", "cudasvc.com", "symantec.com",
    "cisco.com", "mimecast.com", "mimecastprotect.com", "trendmicro.com", "emailprotection.link", "sophos.com",
    "google.com", "facebook.com", "checkpoint.com", "avanan.click", "hornetsecurity.com", "office.com",
})  # fmt: skip
"""Filters and sites that lead every link over themselves."""
_OTHER = SymbolDefinition(
    name="LINK_SHOWS_OTHER_SITE",
    score=0.5,
    group="links",
    meaning="a link shows the address of one site and leads to another",
)


def _find(letter: Letter) -> Iterator[Finding]:
    own: frozenset[str] | None = None
    for link in letter.anchors:
        shown = _shown_site(letter, link) if "." in link.shown else ""
        if not shown:
            continue
        target = letter.organizational(link.host)
        own = own_domains(letter) if own is None else own
        if not _is_one_site(shown, target) and target not in _GATES | own and not _is_own(letter, shown, own):
            yield Finding(_OTHER.name, f"it shows {shown} and leads to {target or link.address or 'nowhere'}")
            return


def _shown_site(letter: Letter, link: Link) -> str:
    """The organisational domain that the reader sees; "" for none, and where its end is cut off by dots."""
    match = _SHOWN_URL.match(link.shown)
    if match is None or match[1].endswith(".."):
        return ""
    return letter.organizational(match[1].strip(".-").lower())


def _is_one_site(shown: str, target: str) -> bool:
    """Tell whether these are the same, or one name in two countries (example.de, example.co.uk)."""
    return bool(target) and shown.partition(".")[0] == target.partition(".")[0]


def _is_own(letter: Letter, shown: str, own: frozenset[str]) -> bool:
    """An author who is what he says shows his own site and counts the clicks somewhere else."""
    return shown in own and is_author_proven(letter)


CHECK = ContentCheck(name="misleading_link", symbols=(_OTHER,), find=_find)
