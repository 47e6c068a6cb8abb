# SPDX-License-Identifier: GPL-3.0-or-later
"""Links whose host is hard to see: behind an at sign, with escapes in its name, on a port that no site uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import authority_of, own_domains
from postward.checks.content.content_check import ContentCheck
from postward.checks.content.proven_author import is_author_proven
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.links.link import Link

_USUAL_PORTS = frozenset({21, 80, 443, 8000, 8008, 8080, 8443})
_LOCAL = (".lan", ".local", ".localdomain", ".internal", ".home.arpa", ".intranet", ".corp", ".home")
"""Names that no public server answers (RFC 6762, RFC 8375)."""
_PORT = SymbolDefinition(
    name="LINK_ODD_PORT", score=1.2, group="links", meaning="a link leads to a port that web sites do not use"
)
_USER = SymbolDefinition(
    name="LINK_USER_NAME", score=1.6, group="links", meaning="a link hides its site behind an at sign"
)
_ENCODED = SymbolDefinition(
    name="LINK_ENCODED_HOST", score=1.7, group="links", meaning="the name of the site in a link is written in escapes"
)


def _find(letter: Letter) -> Iterator[Finding]:
    # Of most links one look is enough.
    links = [link for link in letter.anchors if link.has_user or link.port is not None or "%" in link.url]
    odd = next((link for link in links if _is_odd_port(link) and not _is_of_insiders(letter, link)), None)
    if odd is not None:
        yield Finding(_PORT.name, f"port {odd.port}")
    if any(link.has_user for link in links):
        yield Finding(_USER.name)
    if any("%" in authority_of(link.url).rpartition("@")[2].removesuffix("%20") for link in links):
        yield Finding(_ENCODED.name)


def _is_odd_port(link: Link) -> bool:
    # Who shows the address as it is hides no port.
    return link.port is not None and link.port not in _USUAL_PORTS and f":{link.port}" not in link.shown


def _is_of_insiders(letter: Letter, link: Link) -> bool:
    """It leads into a network of one's own, to a site of ours, or to the own site of an author who is who he says."""
    if link.address is not None:
        return not link.address.is_global
    site = letter.organizational(link.host)
    return (
        "." not in link.host
        or link.host.endswith(_LOCAL)
        or site in (letter.own_domains | own_domains(letter) if is_author_proven(letter) else letter.own_domains)
    )


CHECK = ContentCheck(name="odd_link", symbols=(_PORT, _USER, _ENCODED), find=_find)
