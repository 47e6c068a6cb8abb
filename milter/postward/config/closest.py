# SPDX-License-Identifier: GPL-3.0-or-later
"""Guess which word was meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MAX_COMPARED_LENGTH = 64
_SIMILARITY = 0.6


def closest(word: str, known: Sequence[str], fold: Callable[[str], str] = str.lower) -> str | None:
    """The known word that ``word`` is most likely a slip of; None where nothing is near.

    ``fold`` gives the case of the known words; a dash counts as an underscore.
    """
    if len(word) > _MAX_COMPARED_LENGTH:
        return None
    matches = difflib.get_close_matches(fold(word).replace("-", "_"), known, n=1, cutoff=_SIMILARITY)
    return matches[0] if matches else None
