# SPDX-License-Identifier: GPL-3.0-or-later
"""Links over a service that shortens addresses, so that nobody sees where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.shortener_hosts import SHORTENERS
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_SHORTENED = SymbolDefinition(
    name="LINK_SHORTENED",
    score=0.0,
    group="links",
    meaning="a link leads over a service that shortens addresses",
)


def _find(letter: Letter) -> Iterator[Finding]:
    hosts = {link.host for link in letter.clicked}
    host = min((host for host in hosts if host.removeprefix("www.") in SHORTENERS), default="")
    if host:
        yield Finding(_SHORTENED.name, host)


CHECK = ContentCheck(name="shortened_link", symbols=(_SHORTENED,), find=_find)
