# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of links as they are written, and whose they are, as the checks of links look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter

_BEHIND_HOST = "/?#\\"


def authority_of(url: str) -> str:
    """What stands between scheme and path, as it is written."""
    rest = url[_host_start(url) :]
    ends = (at for mark in _BEHIND_HOST if (at := rest.find(mark)) >= 0)
    return rest[: min(ends, default=len(rest))]


def path_of(url: str) -> str:
    """The path as it is written, without query and fragment."""
    start = _host_start(url) + len(authority_of(url))
    return url[start:].partition("#")[0].partition("?")[0]


def own_domains(letter: Letter) -> frozenset[str]:
    """Organisational domains of the authors; whether they are forged is not asked."""
    return frozenset(filter(None, (letter.organizational(author.domain) for author in letter.authors)))


def _host_start(url: str) -> int:
    at = url.find(":") + 1
    while url[at : at + 1] in {"/", "\\"}:
        at += 1
    return at
