# SPDX-License-Identifier: GPL-3.0-or-later
"""Hook of MkDocs: pages may link to files of the project outside of docs/, as they do on a code host.

MkDocs knows only what lies below docs/.  Here each file that a page links to outside of it (README.md and the like)
becomes a page or file of the site below project/, and links are rewritten to where their target is on the site.  A
link that leads nowhere stays as it is, so that `--strict` tells of it.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

PROJECT = "project"
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)", re.MULTILINE)
_LINK = re.compile(r"(?<!`)\]\((?P<target>[^)\s#:]+)(?P<rest>(?:#[^)\s]*)?(?: \"[^\"]*\")?)\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give headings the anchors that code hosts give them, so that a link to one works in both places."""
    config.mdx_configs.setdefault("toc", {})["slugify"] = heading_anchor
    return config


def heading_anchor(text: str, separator: str) -> str:
    """The anchor of a heading: lower case, blanks as `separator`, without what is no letter, digit, `-` or `_`."""
    kept = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return kept.replace(" ", separator)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add each file that is linked to from a page, or from a page that was added."""
    root = _root(config)
    waiting = [file.src_uri for file in files.documentation_pages()]
    seen: set[str] = set()
    while waiting:
        for path in _linked_files(root, waiting.pop()):
            if path in seen:
                continue
            seen.add(path)
            file = File.generated(config, site_uri(path), abs_src_path=str(root / path))
            files.append(file)
            if file.is_documentation_page():
                waiting.append(file.src_uri)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs passes it
    """Turn links to files of the project into links to where these are on the site."""
    root, here = _root(config), page.file.src_uri

    def rewritten(match: re.Match[str]) -> str:
        path = _project_path(here, match["target"])
        target = _existing(root, path)
        if target is None:
            return match[0]
        relative = posixpath.relpath(site_uri(target), posixpath.dirname(here) or ".")
        return f"]({relative}{match['rest']})"

    return _outside_of_code(markdown, lambda text: _LINK.sub(rewritten, text))


def site_uri(path: str) -> str:
    """Where a file of the project is on the site: what lies in docs/ at the top, all else below project/."""
    return path.removeprefix("docs/") if path.startswith("docs/") else f"{PROJECT}/{path}"


def _root(config: MkDocsConfig) -> Path:
    return Path(config.docs_dir).parent


def _project_path(here: str, target: str) -> str:
    """The path within the project that a link on the page `here` of the site means, as the page is on disk."""
    on_disk = here.removeprefix(f"{PROJECT}/") if here.startswith(f"{PROJECT}/") else f"docs/{here}"
    return posixpath.normpath(posixpath.join(posixpath.dirname(on_disk), target))


def _existing(root: Path, path: str) -> str | None:
    """The file of the project at that path; of a folder its README.md, as a code host shows it."""
    if path.startswith(".."):
        return None
    if (root / path).is_dir():
        path = posixpath.join(path, "README.md")
    return path if (root / path).is_file() else None


def _linked_files(root: Path, here: str) -> Iterator[str]:
    """The files outside of docs/ that a page links to."""
    on_disk = here.removeprefix(f"{PROJECT}/") if here.startswith(f"{PROJECT}/") else f"docs/{here}"
    found: list[str] = []

    def look(text: str) -> str:
        for match in _LINK.finditer(text):
            target = _existing(root, _project_path(here, match["target"]))
            if target is not None and not target.startswith("docs/"):
                found.append(target)
        return text

    _outside_of_code((root / on_disk).read_text(encoding="utf-8"), look)
    yield from found


def _outside_of_code(markdown: str, change: Callable[[str], str]) -> str:
    """Apply `change` to what stands outside of fenced blocks of code."""
    parts: list[str] = []
    end = 0
    opening: re.Match[str] | None = None
    for fence in _FENCE.finditer(markdown):
        if opening is None:
            parts.append(change(markdown[end : fence.start()]))
            opening, end = fence, fence.start()
        elif fence[1].startswith(opening[1]):
            parts.append(markdown[end : fence.end()])
            opening, end = None, fence.end()
    rest = markdown[end:]
    parts.append(rest if opening is not None else change(rest))
    return "".join(parts)
