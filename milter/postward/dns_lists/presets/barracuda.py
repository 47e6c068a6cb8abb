# SPDX-License-Identifier: GPL-3.0-or-later
"""Barracuda Central (https://www.barracudacentral.org/rbl): whoever asks has to be registered there."""

from __future__ import annotations

from postward.dns_lists.zone import ListZone, code

BARRACUDA = (
    ListZone(
        name="barracuda",
        zone="b.barracudacentral.org",
        codes=(code("127.0.0.2", "BARRACUDA", 2.0, "Barracuda knows the address for spam"),),
    ),
)
