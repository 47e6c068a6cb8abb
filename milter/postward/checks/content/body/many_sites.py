"""Links to very many sites at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MANY = 20
_SITES = SymbolDefinition(
    name="LINK_MANY_SITES", score=0.1, group="links", meaning="its links lead to very many different sites"
)


def _find(letter: Letter) -> Iterator[Finding]:
    hosts = {link.host for link in letter.anchors}
    if len(hosts) < _MANY:
        return
    sites = {letter.organizational(host) for host in hosts} - {""}
    if len(sites) >= _MANY:
        yield Finding(_SITES.name, f"{len(sites)} sites")


CHECK = ContentCheck(name="many_sites", symbols=(_SITES,), find=_find)
