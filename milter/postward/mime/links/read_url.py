# SPDX-License-Identifier: GPL-3.0-or-later
"""A URL taken apart as browsers do (URL Standard 4.4), not as RFC 3986 would have it written."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from postward.mime.html.view import MAX_URL_CHARACTERS
from postward.mime.links.host import NO_HOST, Host, read_host, read_port
from postward.mime.links.link import Link, LinkSource

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}+):", re.ASCII)
_AUTHORITY = re.compile(r"[/\\]*+([^/\\?#]*+)")
_WITH_HOST = frozenset({"http", "https", "ftp", "ws", "wss"})
_LINE = dict.fromkeys(map(ord, "\t\r\n"))
_BLANKS = "".join(map(chr, range(0x21)))
_ADDRESS_END = re.compile(r"[?,;&]")


def read_url(
    written: str, *, source: LinkSource = LinkSource.TEXT, shown: str = "", is_hidden: bool = False
) -> Link | None:
    """Take a URL with its scheme apart; None for one without."""
    url = written[: 2 * MAX_URL_CHARACTERS].strip(_BLANKS)
    url = (url if url.isprintable() else url.translate(_LINE))[:MAX_URL_CHARACTERS]
    match = _SCHEME.match(url)
    if match is None:
        return None
    scheme = match[1].lower()
    host, port, has_user = NO_HOST, None, False
    if scheme in _WITH_HOST:
        host, port, has_user = _authority(url, match.end())
    elif scheme == "mailto":
        host = _mail_host(url[match.end() :])
    return Link(
        url=url,
        scheme=scheme,
        host=host.name,
        address=host.address,
        port=port,
        has_user=has_user,
        source=source,
        shown=shown,
        is_hidden=is_hidden,
    )


def _authority(url: str, start: int) -> tuple[Host, int | None, bool]:
    match = _AUTHORITY.match(url, start)
    return _place(match[1]) if match is not None else (NO_HOST, None, False)


@lru_cache(maxsize=512)
def _place(authority: str) -> tuple[Host, int | None, bool]:
    """Most links of a message lead to the same few."""
    _, at, place = authority.rpartition("@")
    bracket = place.find("]") + 1 if place.startswith("[") else 0
    name, _, port = place[bracket:].partition(":")
    return read_host(place[:bracket] or name), read_port(port), bool(at)


def _mail_host(rest: str) -> Host:
    """Of its first address (RFC 6068)."""
    address = unquote(_ADDRESS_END.split(rest, maxsplit=1)[0])
    return read_host(address.rpartition("@")[2].strip(_BLANKS + ">")) if "@" in address else NO_HOST
