# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from outside in the details of findings."""

from __future__ import annotations

_MAX_CHARACTERS = 80


def shown(text: str | bytes) -> str:
    """The beginning of the text in one line; octets that are not ASCII stand as escapes."""
    words = text[:_MAX_CHARACTERS].decode("ascii", "backslashreplace") if isinstance(text, bytes) else text
    return "".join(character if character.isprintable() else "?" for character in words[:_MAX_CHARACTERS])
