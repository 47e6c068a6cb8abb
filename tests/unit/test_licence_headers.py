# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source file names its licence, so that a file taken out of the project still does."""

from __future__ import annotations

import pathlib

_ROOT = pathlib.Path(__file__).parents[2]
_IDENTIFIER = "SPDX-License-Identifier: GPL-3.0-or-later"
_SOURCES = {".py", ".sh", ".c", ".h"}


def test_sources_name_their_licence() -> None:
    sources = [
        path
        for folder in ("milter/postward", "plugins", "packaging", "tests")
        for path in (_ROOT / folder).rglob("*")
        if path.suffix in _SOURCES and "node_modules" not in path.parts
    ]
    assert len(sources) > 1000
    assert [path for path in sources if _IDENTIFIER not in _first_lines(path)] == []


def _first_lines(path: pathlib.Path) -> str:
    with path.open(encoding="utf-8") as source:
        return source.readline() + source.readline()
