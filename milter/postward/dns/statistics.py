# SPDX-License-Identifier: GPL-3.0-or-later
"""What the resolver counts, for metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.dns.answer import Outcome, RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsStatistics:
    """Counts since the resolver was made, and how much it holds now."""

    queries: Mapping[tuple[RecordType, Outcome], int]
    """Questions that went to the servers, by how they ended."""
    failures: Mapping[str, int]
    """Those that failed, by the status of c-ares (ESERVFAIL, EREFUSED, ECONNREFUSED, ETIMEOUT, EBADRESP…)."""
    cache_hits: int
    joined: int
    """Questions that waited for the answer to the same question of another."""
    refused: int
    """Questions not asked because too many were in flight."""
    in_flight: int
    cache_entries: int
    cache_bytes: int
