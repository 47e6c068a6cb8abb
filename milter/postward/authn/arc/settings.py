# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of ARC validation."""

from __future__ import annotations

from dataclasses import dataclass

from postward.authn.dkim.settings import SignatureLimits

MAX_SETS = 50
"""RFC 8617 section 4.2.1: a message with more has a failed chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcSettings(SignatureLimits):
    """What a chain may cost, and what is still accepted."""

    max_key_lookups: int = 60
    """Different keys asked for in one chain: fifty seals and the newest message signature need 51."""
    max_older_signatures: int = 10
    """Message signatures below the newest that are verified to find out since when the message is unchanged."""
