# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward put its name to in one message, or why it did not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningOutcome:
    """For the log, for metrics and for whoever asks why."""

    signed_by: tuple[str, ...] = ()
    """``domain:selector`` of each DKIM signature."""
    unsigned_reason: str = ""
    """Why mail of our own users bears none, in words."""
    keys_unusable: bool = False
    """The domain has keys, and none of them can be used."""
    sealed_by: str = ""
    """``domain:selector`` of the ARC seal."""
    unsealed_reason: str = ""
    """Why a message that was to be sealed was not, in words."""
    seal_unusable: bool = False
    """The sealer's key cannot be used."""
