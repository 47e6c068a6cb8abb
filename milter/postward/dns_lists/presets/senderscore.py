# SPDX-License-Identifier: GPL-3.0-or-later
"""Sender Score of Validity: a score of 0 to 100 for each address (https://senderscore.org)."""

from __future__ import annotations

from postward.dns_lists.code import parse_code
from postward.dns_lists.zone import ListZone, code

SENDERSCORE = (
    ListZone(
        name="senderscore",
        zone="score.senderscore.com",
        codes=(
            code("127.0.4.0-29", "SENDERSCORE_WORST", 2.0, "the address has a Sender Score below 30"),
            code("127.0.4.30-59", "SENDERSCORE_LOW", 1.0, "the address has a Sender Score below 60"),
            code("127.0.4.60-100"),
        ),
        # Who asks too often.
        errors=(parse_code("127.0.4.127"),),
        # No address is documented that always has a score.
        listed=(),
    ),
)
