# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reference/configuration.md: every key of postward.yaml."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from handbook.markdown import NOTE, code, inline, table
from postward.config.description import described
from postward.config.reference import to_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.config.description import Described

_HEAD = """\
# Configuration keys

Everything in `/etc/postward/postward.yaml`. The same, as a file in which every key stands commented out with
its default, is [conf/postward.yaml](../../conf/postward.yaml); the same as a manual page is `man
postward.yaml`. A key that is not known is an error. Durations are in seconds (`_s`), sizes in bytes
(`_bytes`). `postward check --config-only` tells what is wrong with the file, and a reload puts it into force.
"""


def keys_page() -> str:
    """Its text."""
    items = list(described())
    parts = [NOTE, _HEAD, "## Outside of sections\n", _table(item for item in items if not item.level)]
    for _, group in groupby((item for item in items if item.level or item.is_section), lambda item: item.path[0]):
        parts += _section(list(group))
    return "\n".join(parts)


def _section(items: list[Described]) -> Iterator[str]:
    """One section, and those within it, which its keys stand before."""
    yield f"## {items[0].name}\n"
    yield f"{inline(items[0].meaning)}\n"
    yield _table(item for item in items if item.level == 1)
    for below in (item for item in items[1:] if item.is_section):
        yield f"### {'.'.join(below.path)}\n"
        yield f"{inline(below.meaning)}\n"
        yield _table(item for item in items if item.path[:-1] == below.path)


def _table(items: Iterable[Described]) -> str:
    rows = [
        (code(".".join(item.path)), inline(item.meaning), code(to_yaml(item.default)))
        for item in items
        if not item.is_section
    ]
    return table(("key", "meaning", "default"), rows) if rows else ""
