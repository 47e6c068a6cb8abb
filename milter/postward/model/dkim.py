# SPDX-License-Identifier: GPL-3.0-or-later
"""Result of verifying one DKIM-Signature (RFC 6376)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DkimStatus(StrEnum):
    """RFC 8601 section 2.7.1."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result word, not a password
    FAIL = "fail"
    POLICY = "policy"
    """Signed in a way that is not acceptable here (rsa-sha1, short key: RFC 8301)."""
    NEUTRAL = "neutral"
    """The signature could not be processed: syntax, or expired."""
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimResult:
    """What became of one signature; text fields hold "" where the signature did not say."""

    status: DkimStatus
    domain: str
    """d=, an A-label in lower case where it could be made one."""
    selector: str
    identity: str = ""
    """i= as written, after quoted-printable decoding."""
    algorithm: str = ""
    key_bits: int = 0
    """Size of the RSA modulus, or 256 for Ed25519; 0 where no key was read."""
    reason: str = ""
    """Why it is not a plain pass, in words; may quote text from outside."""
    signature_prefix: str = ""
    """The first octets of b=, which tell signatures apart (RFC 6008)."""
    testing: bool = False
    """The key says t=y."""
    unsigned_bytes: int = 0
    """Octets of the body beyond l=, which anybody may have added (RFC 6376 section 8.2)."""
    length_limited: bool = False
    """The signature has l=."""
