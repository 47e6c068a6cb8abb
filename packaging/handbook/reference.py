# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of docs/reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def reference_pages() -> Iterator[tuple[str, str]]:
    """File name and text of each."""
    yield from ()
