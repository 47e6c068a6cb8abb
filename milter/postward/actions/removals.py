# SPDX-License-Identifier: GPL-3.0-or-later
"""Take fields out of a message by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.action import RemoveHeader

if TYPE_CHECKING:
    from postward.model.header import Headers


def removals_of(headers: Headers, key: bytes) -> tuple[RemoveHeader, ...]:
    """Remove all fields of one name (``key``, in lower case), from the top down."""
    return tuple(
        RemoveHeader(name=headers[position].name, occurrence=occurrence, position=position)
        for occurrence, position in enumerate(headers.indexes(key), start=1)
    )
