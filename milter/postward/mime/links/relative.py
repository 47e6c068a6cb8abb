# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs that leave out what their document says, or what readers add (URL Standard 4.4)."""

from __future__ import annotations

import re

from postward.mime.links.top_levels import looks_public

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}+:(?![0-9])", re.ASCII)
"""A number behind it is the port of a name without a scheme, but for telephones."""
_WITH_NUMBER = ("tel:", "sms:", "callto:", "fax:")
_ORIGIN = re.compile(r"(https?|ftp):[/\\]*+[^/\\?#]*+", re.IGNORECASE | re.ASCII)
_NAME_END = re.compile(r"[:/\\?#]")
_SLASHES = ("/", "\\")
_MAX_NAME = 254


def absolute(url: str, base: str) -> str:
    """With a scheme where it can have one; as it is where it leads nowhere else."""
    if url.startswith(("http://", "https://")) or _SCHEME.match(url) or url.lower().startswith(_WITH_NUMBER):
        return url
    origin = _ORIGIN.match(base)
    if url.startswith(_SLASHES) and url[1:].startswith(_SLASHES):
        return f"{origin[1] if origin is not None else 'http'}:{url}"
    if origin is not None:
        return _joined(url, base, origin[0])
    # Programs for mail take a name for a place on the network, having no directory of their own.
    name = _NAME_END.split(url[:_MAX_NAME], maxsplit=1)[0].lower()
    return f"http://{url}" if looks_public(name) else url


def _joined(url: str, base: str, origin: str) -> str:
    if url.startswith("#"):
        return url
    if url.startswith(_SLASHES):
        return origin + url
    path = base[len(origin) :].partition("#")[0].partition("?")[0]
    return origin + (path if url.startswith("?") else path.rpartition("/")[0] + "/") + url
