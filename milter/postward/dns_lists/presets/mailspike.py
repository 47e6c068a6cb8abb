# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailspike: a block list and an allow list by reputation (https://mailspike.io)."""

from __future__ import annotations

from postward.dns_lists.zone import ListKind, ListZone, code

MAILSPIKE = (
    ListZone(
        name="mailspike_bl",
        zone="bl.mailspike.net",
        codes=(
            code("127.0.0.2", "MAILSPIKE_ZOMBIE", 2.5, "the address takes part in a wave of spam (Mailspike)"),
            code("127.0.0.10", "MAILSPIKE_WORST", 3.0, "the address has the worst reputation (Mailspike)"),
            code("127.0.0.11", "MAILSPIKE_VERY_BAD", 2.5, "the address has a very bad reputation (Mailspike)"),
            code("127.0.0.12", "MAILSPIKE_BAD", 2.0, "the address has a bad reputation (Mailspike)"),
        ),
    ),
    ListZone(
        name="mailspike_wl",
        zone="wl.mailspike.net",
        kind=ListKind.ALLOW,
        codes=(
            code("127.0.0.16-17"),
            code("127.0.0.18", "MAILSPIKE_GOOD", -1.0, "the address has a good reputation (Mailspike)"),
            code("127.0.0.19", "MAILSPIKE_VERY_GOOD", -1.5, "the address has a very good reputation (Mailspike)"),
            code("127.0.0.20", "MAILSPIKE_EXCELLENT", -2.0, "the address has an excellent reputation (Mailspike)"),
        ),
        # No address is documented that is always in it.
        listed=(),
    ),
)
