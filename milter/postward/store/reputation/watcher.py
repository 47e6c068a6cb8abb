# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told what becomes of evidence, and of values that are none of ours."""

from __future__ import annotations

from typing import Literal, Protocol

Lost = Literal["full", "unclear", "closed"]
"""No room was left to keep it; it could not be told whether it had been added; it was not sent when all ended."""


class Watcher(Protocol):
    """Called from several threads; it returns at once."""

    def refused(self, values: int) -> None:
        """So many values in Redis were no records, or no histories, and were ignored."""

    def lost(self, why: Lost, keys: int) -> None:
        """So many additions, each to one key, are given up."""

    def failed(self, words: str) -> None:
        """What is known could not be written; it is kept.  ``words`` are the server's or the system's, without keys."""


class NobodyWatches:
    """For programs that only read."""

    def refused(self, values: int) -> None:
        """Nothing is told."""

    def lost(self, why: Lost, keys: int) -> None:
        """Nothing is told."""

    def failed(self, words: str) -> None:
        """Nothing is told."""
