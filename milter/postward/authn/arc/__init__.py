# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticated Received Chain (RFC 8617).

Each intermediary that changes a message, a mailing list for example, records what it had found, signs the message as
it leaves it, and seals both.  ``validate_chain`` says whether that chain holds; whether its sealers are worth
believing is for others to decide.
"""

from __future__ import annotations

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain

__all__ = ["ArcSettings", "validate_chain"]
