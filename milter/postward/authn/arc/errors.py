# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a chain fails, as a value that can be raised."""

from __future__ import annotations

from postward.errors import PostwardError


class ChainError(PostwardError):
    """Ends the validation of a chain; never leaves ``validate_chain``."""

    def __init__(self, reason: str, *, temporary: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.temporary = temporary
        """The cause is DNS, and may pass."""
