# SPDX-License-Identifier: GPL-3.0-or-later
"""Links to pages that anybody puts up in a minute without a name of his own, and that are gone the next day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import path_of
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.links.link import Link

_SITES = (
    ".web.app", ".firebaseapp.com", ".r2.dev", ".workers.dev", ".pages.dev", ".netlify.app", ".vercel.app",
    ".glitch.me", ".weebly.com", ".weeblysite.com", ".000webhostapp.com", ".webflow.io", ".godaddysites.com",
    ".wixsite.com", ".square.site", ".on-fleek.app", ".fleek.co", ".ipfs.io", ".dweb.link", ".cf-ipfs.com",
    ".repl.co", ".replit.app", ".onrender.com", ".surge.sh", ".translate.goog", ".azurewebsites.net", ".typedream.app",
    ".mybluehost.me", ".webcindario.com", ".bravesites.com", ".framer.website", ".gitbook.io", ".lovable.app",
)  # fmt: skip
_STORAGE = (
    ".blob.core.windows.net", ".web.core.windows.net", ".digitaloceanspaces.com", ".backblazeb2.com",
    ".linodeobjects.com", ".amazonaws.com", ".storage.googleapis.com", ".appspot.com", ".wasabisys.com",
)  # fmt: skip
_STORAGE_HOSTS = frozenset(
    {"storage.googleapis.com", "firebasestorage.googleapis.com", "ipfs.io", "storage.cloud.google.com"}
)
_PAGE = (".html", ".htm", ".shtml", ".xhtml")
_SITE = SymbolDefinition(
    name="LINK_FREE_HOSTING",
    score=0.3,
    group="links",
    meaning="a link leads to a page at a service where anybody puts up pages for nothing",
)
_STORED = SymbolDefinition(
    name="LINK_STORED_PAGE",
    score=0.5,
    group="links",
    meaning="a link leads to a single page in storage for files",
)


def _find(letter: Letter) -> Iterator[Finding]:
    hosts = letter.anchor_hosts
    site = min((host for host in hosts if host.endswith(_SITES)), default="")
    if site:
        yield Finding(_SITE.name, site)
    storage = {host for host in hosts if host in _STORAGE_HOSTS or host.endswith(_STORAGE)}
    if storage and any(link.host in storage and _is_page(link) for link in letter.anchors):
        yield Finding(_STORED.name, min(storage))


def _is_page(link: Link) -> bool:
    # Files and pictures of good mail lie there too.
    return path_of(link.url).lower().endswith(_PAGE) or ("/ipfs/" in link.url and "filename=" not in link.url)


CHECK = ContentCheck(name="free_hosting_link", symbols=(_SITE, _STORED), find=_find)
