# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a token is not believed."""

from __future__ import annotations

from enum import StrEnum


class TokenFault(StrEnum):
    """What is wrong with a token, or with an address that should hold one."""

    MALFORMED = "malformed"
    """No token at all: length, alphabet or layout are not those of one."""
    UNKNOWN_VERSION = "unknown version"
    UNKNOWN_KEY = "unknown key"
    """Made with a secret that does not count any more, or by nobody."""
    FORGED = "forged"
    """The authentication code is not ours, or belongs to other content."""
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    """Made on a later day than today: the clocks of a fleet differ by less."""
