# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of the verification of signatures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLimits:
    """What one signature may cost, and what is still accepted; the defaults follow RFC 6376 and RFC 8301."""

    max_signature_bytes: int = 65_536
    """Longest value of a signature field that is read."""
    max_header_names: int = 1000
    """Names in h=."""
    min_rsa_bits: int = 1024
    """RFC 8301 section 3.2: shorter keys must not be accepted."""
    max_rsa_bits: int = 8192
    """A longer key costs the verifier milliseconds; RFC 8301 section 3.2 asks for 4096."""
    max_key_records: int = 3
    """Records at one selector that are tried where it holds several."""
    expiry_grace_s: float = 300.0
    """How long after x= a signature is still taken, for clocks differ."""
    max_future_s: float = 36_000.0
    """How far t= may lie ahead: a clock in a wrong time zone is no attack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSettings(SignatureLimits):
    """How DKIM is verified."""

    max_signatures: int = 10
    """Signatures verified in one message, from the top; RFC 6376 section 6.1 asks for such a limit."""
