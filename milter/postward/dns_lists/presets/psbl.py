# SPDX-License-Identifier: GPL-3.0-or-later
"""Passive Spam Block List: addresses that have sent to traps (https://psbl.org)."""

from __future__ import annotations

from postward.dns_lists.zone import ListZone, code

PSBL = (
    ListZone(
        name="psbl",
        zone="psbl.surriel.com",
        codes=(code("127.0.0.2", "PSBL", 2.0, "the address has sent to spam traps (PSBL)"),),
    ),
)
