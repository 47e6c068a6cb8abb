# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of docs/reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.command import whole_program
from handbook.reference_checks import checks_page
from handbook.reference_commands import commands_page
from handbook.reference_configuration import keys_page
from handbook.reference_metrics import metrics_page
from handbook.reference_symbols import symbols_page

if TYPE_CHECKING:
    from collections.abc import Iterator


def reference_pages() -> Iterator[tuple[str, str]]:
    """File name and text of each."""
    yield "checks.md", checks_page()
    yield "commands.md", commands_page(whole_program())
    yield "configuration.md", keys_page()
    yield "metrics.md", metrics_page()
    yield "symbols.md", symbols_page()
