# SPDX-License-Identifier: GPL-3.0-or-later
"""Links to an address in place of a name, which a site of good standing has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import authority_of
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PLAIN_FORM = re.compile(
    r"(?:[^@]{0,500}@)?(?:(?!0\d)\d{1,3}\.){3}(?!0\d)\d{1,3}(?::\d{0,5})?|(?:[^@]{0,500}@)?\[.*", re.DOTALL
)
_ADDRESS = SymbolDefinition(
    name="LINK_IP_ADDRESS", score=2.0, group="links", meaning="a link leads to an IP address in place of a name"
)
_DISGUISED = SymbolDefinition(
    name="LINK_IP_DISGUISED",
    score=0.5,
    group="links",
    meaning="a link leads to an IP address in a form that hides it",
)


def _find(letter: Letter) -> Iterator[Finding]:
    # Devices in a network of one's own report by mail, and have no names.
    # Those of a site's own report show the reader where they lead.
    found = [
        link
        for link in letter.anchors
        if link.address is not None and link.address.is_global and str(link.address) not in link.shown
    ]
    if found:
        yield Finding(_ADDRESS.name, str(found[0].address))
    disguised = next((link for link in found if _PLAIN_FORM.fullmatch(authority_of(link.url)) is None), None)
    if disguised is not None:
        yield Finding(_DISGUISED.name, str(disguised.address))


CHECK = ContentCheck(name="address_link", symbols=(_ADDRESS, _DISGUISED), find=_find)
