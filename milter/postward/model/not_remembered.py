# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of a memory that has none, where None is an answer."""

from __future__ import annotations

from enum import Enum


class NotRemembered(Enum):
    """The type of ``NOT_REMEMBERED``."""

    TOKEN = "not remembered"  # noqa: S105 - no password


NOT_REMEMBERED = NotRemembered.TOKEN
"""Somebody has to be asked."""
