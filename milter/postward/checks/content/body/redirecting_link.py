# SPDX-License-Identifier: GPL-3.0-or-later
"""Links over a page of a well-known site that sends the reader wherever the link says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import path_of
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.links.link import Link

_REDIRECTORS = {
    "bing.com": ("/ck/a",),
    "google.com": ("/url", "/amp/s/", "/travel/clk", "/pagead/aclk"),
    "googleadservices.com": ("/pagead/aclk",),
    "doubleclick.net": ("/pcs/click", "/ddm/trackclk", "/clk", "/aclk"),
    "youtube.com": ("/redirect", "/attribution_link"),
    "linkedin.com": ("/slink", "/redir/redirect", "/safety/go"),
    "duckduckgo.com": ("/l/",),
    "yahoo.com": ("/r/", "/*", "/rd/"),
    "baidu.com": ("/link",),
    "yandex.ru": ("/clck/",),
    "vk.com": ("/away.php",),
    "indeed.com": ("/rc/clk", "/pagead/clk"),
    "aol.com": ("/redir.adp", "/clickthru"),
    "msn.com": ("/redir", "/clk"),
}
"""By organisational domain, how the path begins."""
_REDIRECTED = SymbolDefinition(
    name="LINK_OPEN_REDIRECT",
    score=0.3,
    group="links",
    meaning="a link leads over a page of a well-known site that sends its visitors anywhere",
)


def _find(letter: Letter) -> Iterator[Finding]:
    starts = {
        host: _REDIRECTORS[site]
        for host in letter.anchor_hosts
        if (site := letter.organizational(host)) in _REDIRECTORS
    }
    if not starts:
        return
    for link in letter.anchors:
        if link.host in starts and _holds_target(link) and path_of(link.url).startswith(starts[link.host]):
            yield Finding(_REDIRECTED.name, link.host)
            return


def _holds_target(link: Link) -> bool:
    # Without one it is a page of the site itself.
    return "=http" in link.url or "//" in link.url[len("https://") :] or "%2" in link.url


CHECK = ContentCheck(name="redirecting_link", symbols=(_REDIRECTED,), find=_find)
