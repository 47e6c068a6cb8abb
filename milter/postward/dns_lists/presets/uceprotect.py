# SPDX-License-Identifier: GPL-3.0-or-later
"""UCEPROTECT, level 1: single addresses (https://www.uceprotect.net).

Levels 2 and 3 list whole networks for what neighbours have done, and are not offered.
"""

from __future__ import annotations

from postward.dns_lists.zone import ListZone, code

UCEPROTECT = (
    ListZone(
        name="uceprotect1",
        zone="dnsbl-1.uceprotect.net",
        codes=(code("127.0.0.2", "UCEPROTECT1", 1.0, "the address has sent to spam traps (UCEPROTECT level 1)"),),
    ),
)
