# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways that a message may go; see ``rules.message.views``."""

from __future__ import annotations

DIRECTIONS = ("inbound", "outbound", "internal", "local")
