# SPDX-License-Identifier: GPL-3.0-or-later
"""SpamCop: addresses that its users have reported (https://www.spamcop.net/bl.shtml)."""

from __future__ import annotations

from postward.dns_lists.zone import ListZone, code

SPAMCOP = (
    ListZone(
        name="spamcop",
        zone="bl.spamcop.net",
        codes=(code("127.0.0.2", "SPAMCOP", 2.0, "users of SpamCop have reported the address"),),
    ),
)
