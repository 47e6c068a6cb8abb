# SPDX-License-Identifier: GPL-3.0-or-later
"""Result of the forward-confirmed reverse DNS check (RFC 8601 section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class IprevStatus(StrEnum):
    """RFC 8601 section 2.7.3."""

    PASS = "pass"  # noqa: S105 - a result word, not a password
    FAIL = "fail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class IprevResult:
    """Whether one of the client's names leads back to its address."""

    status: IprevStatus
    name: str | None = None
    """The confirmed name, or the first unconfirmed one."""
    reason: str = ""
