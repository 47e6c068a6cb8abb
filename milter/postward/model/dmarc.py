# SPDX-License-Identifier: GPL-3.0-or-later
"""Result of a DMARC evaluation (RFC 9989)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DmarcStatus(StrEnum):
    """RFC 9989 section 9.1."""

    NONE = "none"
    """No record applies, or there is no single Author Domain."""
    PASS = "pass"  # noqa: S105 - a result word, not a password
    FAIL = "fail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class DmarcPolicy(StrEnum):
    """Assessment policy of the domain owner (RFC 9989 section 4.7, tag p)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class DmarcDisposition(StrEnum):
    """What was done to a message for the domain owner's policy (RFC 9990, disposition)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    """Marked as junk, or held."""
    REJECT = "reject"


class FromProblem(StrEnum):
    """Why there is no single Author Domain (RFC 9989 sections 5.3.1 and 11.5)."""

    MISSING = "missing"
    MULTIPLE_FIELDS = "multiple-fields"
    MULTIPLE_DOMAINS = "multiple-domains"
    UNPARSABLE = "unparsable"


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcResult:
    """Whether an authenticated identifier stands for the author, and what the author's domain asks for."""

    status: DmarcStatus
    domain: str = ""
    """Author Domain (header_from), A-label in lower case; the first of several; "" without any."""
    org_domain: str | None = None
    policy: DmarcPolicy | None = None
    """The policy that applies after sp, np and t, also on pass; None where no record applies."""
    policy_domain: str | None = None
    """Where the record that gave the policy stands."""
    aligned_by: tuple[str, ...] = ()
    """"spf" and "dkim:<domain>" of the identifiers that aligned."""
    testing: bool = False
    """The record says t=y."""
    problem: FromProblem | None = None
    reason: str = ""
    """In words; may quote text from outside."""
