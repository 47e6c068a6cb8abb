# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator may set about SPF."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfSettings:
    """Limits of one evaluation; the limits that RFC 7208 fixes (10 terms, 10 MX, 10 PTR names) are not among them."""

    max_void_lookups: int = 2
    """Void look-ups that are still tolerated (RFC 7208 section 4.6.4)."""
    void_lookups_per_term: bool = True
    """Count terms that met a void look-up, as RFC 7208 section 4.6.4 says; False counts each look-up, as pyspf does."""
    time_limit_s: float = 20.0
    """No look-up begins after that many seconds (RFC 7208 section 4.6.4: at least 20); the result is temperror."""
