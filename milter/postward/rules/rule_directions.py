"""The ways that a message may go; see ``rules.message.views``."""

from __future__ import annotations

DIRECTIONS = ("inbound", "outbound", "internal", "local")
