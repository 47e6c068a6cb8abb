# SPDX-License-Identifier: GPL-3.0-or-later
"""A DMARC failure that a trusted ARC chain explains."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcOverride:
    """What a trusted sealer saw before it changed the message; never a ``dkim=pass`` of our own."""

    sealer: str
    """The trusted sealer whose results are believed."""
    instance: int
    """The set that holds those results."""
    aligned_by: tuple[str, ...]
    """"dmarc", "spf" or "dkim:<domain>" that passed there and stands for the author's domain."""
