# SPDX-License-Identifier: GPL-3.0-or-later
"""Result of an SPF evaluation (RFC 7208)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpfStatus(StrEnum):
    """RFC 7208 section 2.6."""

    NONE = "none"
    """No usable domain, or no record there."""
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result word, not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class SpfScope(StrEnum):
    """The identity that was checked (RFC 7208 sections 2.3 and 2.4)."""

    HELO = "helo"
    MFROM = "mfrom"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfResult:
    """What one evaluation of check_host() gave."""

    status: SpfStatus
    scope: SpfScope
    domain: str
    """The domain whose record was evaluated, as an A-label in lower case where it could be made one."""
    identity: str
    """MAIL FROM address or HELO name as the client gave it; for a null path postmaster@HELO."""
    problem: str = ""
    """Why it is temperror, permerror or none, in words; may quote text from outside."""
    mechanism: str = ""
    """The mechanism that matched, as written in the record."""
