# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that fetch a program, or an archive in which one may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.files import PROGRAM_EXTENSIONS
from postward.checks.content.body.link_pieces import own_domains, path_of
from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.links.link import Link

_NOT_FETCHED = frozenset({"dll", "vb", "js", "msc"})
"""At the end of a path these are pages, scripts of the site, or words."""
_PROGRAMS = (PROGRAM_EXTENSIONS - _NOT_FETCHED) | {"lnk", "library-ms", "search-ms", "url", "rdp"}
_ARCHIVES = frozenset({"7z", "ace", "cab", "img", "iso", "r00", "rar", "uue", "vhd", "vhdx", "zip"})
_LONGEST = 1 + max(map(len, _PROGRAMS | _ARCHIVES))
_PROGRAM = SymbolDefinition(
    name="LINK_PROGRAM",
    score=0.5,
    group="links",
    meaning="a link fetches a program from another site than the sender's",
)
_ARCHIVE = SymbolDefinition(
    name="LINK_ARCHIVE",
    score=0.3,
    group="links",
    meaning="a link fetches an archive or disk image from another site than the sender's",
)


def _find(letter: Letter) -> Iterator[Finding]:
    found: dict[str, str] = {}
    for link in letter.anchors:
        # Most links end otherwise, which is quickly seen.
        if link.url.rfind(".", -_LONGEST) < 0 and "#" not in link.url:
            continue
        extension = link.url.partition("#")[0].rpartition(".")[2].lower()
        name = _PROGRAM.name if extension in _PROGRAMS else _ARCHIVE.name if extension in _ARCHIVES else ""
        if name and name not in found and _is_file(link) and _is_of_others(letter, link):
            found[name] = f".{extension} from {link.host or link.address}"
    for name, detail in found.items():
        yield Finding(name, detail)


def _is_file(link: Link) -> bool:
    """Tell whether the path names it; CGI programs (``/cgi-bin/x.exe``) are pages."""
    path = path_of(link.url)
    return "?" not in link.url and "." in path.rpartition("/")[2] and "/cgi" not in path


def _is_of_others(letter: Letter, link: Link) -> bool:
    return letter.organizational(link.host) not in own_domains(letter)


CHECK = ContentCheck(name="file_link", symbols=(_PROGRAM, _ARCHIVE), find=_find)
