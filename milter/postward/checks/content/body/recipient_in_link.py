# SPDX-License-Identifier: GPL-3.0-or-later
"""Links with the recipient's address behind the hash sign: the page of a phisher fills it in for him.

That part of a link never reaches a server (RFC 3986 section 3.5), so no sender of newsletters counts clicks by it.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_RECIPIENTS = 20
_MAX_FRAGMENT = 500
_TEXT_FRAGMENT = ":~:text="
_FILLED_IN = SymbolDefinition(
    name="LINK_HOLDS_RECIPIENT",
    score=0.5,
    group="links",
    meaning="a link carries the recipient's address in a place that only the page itself reads",
)


def _find(letter: Letter) -> Iterator[Finding]:
    fragments = {link.url.partition("#")[2][:_MAX_FRAGMENT] for link in letter.anchors if "#" in link.url}
    fragments = {fragment for fragment in fragments if len(fragment) > 5 and _TEXT_FRAGMENT not in fragment}  # noqa: PLR2004 - a@b.cd
    if not fragments:
        return
    plain = " ".join(unquote(fragment) for fragment in fragments)
    for address in letter.recipients[:_MAX_RECIPIENTS]:
        text = address.text
        if "@" in text and (text.lower() in plain.lower() or _in_base64(text) in plain):
            yield Finding(_FILLED_IN.name)
            return


def _in_base64(text: str) -> str:
    """Without padding and the last characters, which depend on what follows."""
    octets = text.encode("utf-8", "surrogateescape")
    return b64encode(octets[: len(octets) // 3 * 3]).decode("ascii")


CHECK = ContentCheck(name="recipient_in_link", symbols=(_FILLED_IN,), find=_find)
