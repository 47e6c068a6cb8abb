# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what is made from the program itself: ``python3 packaging/generate.py KIND FOLDER``.

``PYTHONPATH`` names ``milter`` where Postward is not installed.  Nothing outside is asked, and the same sources give
the same files; SOURCE_DATE_EPOCH dates the man pages.  Kinds, and what they write below FOLDER:

man         postward.1, postward-check.1 ..., postward.yaml.5, postward.8
completion  bash/postward, zsh/_postward, fish/postward.fish
reference   commands.md, configuration.md ...; of this project docs/reference
configuration
            postward.yaml, the reference with everything commented out; of this project conf
monitoring  grafana-dashboard.json; of this project packaging/monitoring
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from handbook.command import whole_program
from handbook.command_pages import command_pages
from handbook.completion import completion_files
from handbook.configuration_page import configuration_page
from handbook.daemon_page import daemon_page
from handbook.dashboard import dashboard
from handbook.dashboard_rows import ROWS
from handbook.reference import reference_pages

from postward.config.reference import reference

if TYPE_CHECKING:
    from collections.abc import Iterator


def _man_pages() -> Iterator[tuple[str, str]]:
    program = whole_program()
    yield from command_pages(program)
    yield "postward.yaml.5", configuration_page()
    yield "postward.8", daemon_page(program)


def _monitoring_files() -> Iterator[tuple[str, str]]:
    yield "grafana-dashboard.json", dashboard(ROWS)


def _configuration_file() -> Iterator[tuple[str, str]]:
    yield "postward.yaml", reference()


_KINDS = {
    "man": _man_pages,
    "completion": completion_files,
    "reference": reference_pages,
    "configuration": _configuration_file,
    "monitoring": _monitoring_files,
}


def main(arguments: list[str]) -> int:
    """Return the exit status."""
    if len(arguments) != 2 or arguments[0] not in _KINDS:  # noqa: PLR2004 - the kind and the folder
        sys.stderr.write(f"{__doc__}\n")
        return 2
    kind, folder = arguments[0], Path(arguments[1])
    for name, text in _KINDS[kind]():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
