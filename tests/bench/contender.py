# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is measured: a milter, or a chain of them, with all their processes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A running milter or chain."""

    name: str
    milters: tuple[str, ...]
    """Addresses in the order of the chain, as the load generator wants them."""
    roots: tuple[int, ...]
    """The process that was started for each; its descendants belong to it."""
    methods: tuple[str, ...]
    """What it is to verify: methods of RFC 8601."""
