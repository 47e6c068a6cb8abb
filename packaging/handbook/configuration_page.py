# SPDX-License-Identifier: GPL-3.0-or-later
"""postward.yaml(5): every key of the configuration, from the schema."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from handbook.roff import bold, entry, heading, page, page_references, paragraph, paragraphs, sub_heading, title
from postward.config.description import described
from postward.config.reference import to_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.config.description import Described

_DESCRIPTION = """\
`/etc/postward/postward.yaml` is one YAML document: keys, and sections of keys. What is not set keeps its default; the
file that comes with Postward shows every key with its default, commented out. A section's keys stand below its name,
indented; here they are written with a dot between, such as `message.deadline_s`. Durations are in seconds (`_s`), sizes
in bytes (`_bytes`). What begins with docs/ is a page of the documentation.

A key that is not known, or stands twice, is an error, and so is a value of the wrong kind: text that YAML would read as
something else wants quotes. `postward check --config-only` tells each fault with file and line. A reload puts the file
into force: `systemctl reload postward`.
"""


def configuration_page() -> str:
    """Its text."""
    return page(
        title("postward.yaml", 5),
        heading("NAME"),
        "postward.yaml \\- configuration of Postward\n",
        heading("DESCRIPTION"),
        paragraphs(_DESCRIPTION),
        heading("KEYS"),
        *_keys(),
        heading("FILES"),
        entry(bold("/etc/postward/postward.yaml"), "The file, unless a command is given another by `--config`."),
        entry(bold("/etc/postward/domains.d"), "Hosted domains (`directory.domains_dir`)."),
        entry(bold("/etc/postward/rules.d"), "Transport rules (`rules.folder`)."),
        heading("SEE ALSO"),
        page_references(("postward", 8), ("postward-check", 1), ("postward", 1)),
    )


def _keys() -> Iterator[str]:
    """The keys outside sections, then section by section."""
    items = list(described())
    yield from (_entry(item) for item in items if not item.level and not item.is_section)
    for name, group in groupby((item for item in items if item.level or item.is_section), lambda item: item.path[0]):
        yield sub_heading(f"Section {name}")
        for item in group:
            yield paragraph(item.meaning) if item.is_section and not item.level else _entry(item)


def _entry(item: Described) -> str:
    path = bold(".".join(item.path))
    if item.is_section:
        return f".PP\n{path}: {paragraph(item.meaning).removeprefix('.PP' + chr(10))}"
    default = to_yaml(item.default)
    return entry(path, f"{item.meaning} Default: `{default}`.")
