# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys must not be seen: they stand in the names that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.dns_lists.zone import ListZone

HIDDEN = "(key)"


def redacted(text: str, zones: Iterable[ListZone]) -> str:
    """The text with none of the zones' keys in it, whatever the case of their letters."""
    for key in sorted((zone.key for zone in zones if zone.key), key=len, reverse=True):
        start = text.lower().find(key.lower())
        while start >= 0:
            text = text[:start] + HIDDEN + text[start + len(key) :]
            start = text.lower().find(key.lower(), start + len(HIDDEN))
    return text
