# SPDX-License-Identifier: GPL-3.0-or-later
"""DNSWL.org: hosts that send mail people want (https://www.dnswl.org/?page_id=15).

The third octet is the kind of sender, the fourth how much it is trusted.
"""

from __future__ import annotations

from postward.dns_lists.code import parse_code
from postward.dns_lists.zone import ListKind, ListZone, code

_KINDS = "127.0.2-20"

DNSWL = (
    ListZone(
        name="dnswl",
        zone="list.dnswl.org",
        kind=ListKind.ALLOW,
        codes=(
            code(f"{_KINDS}.0"),
            code(f"{_KINDS}.1", "DNSWL_LOW", -1.0, "DNSWL trusts the address a little"),
            code(f"{_KINDS}.2", "DNSWL_MEDIUM", -2.0, "DNSWL trusts the address"),
            code(f"{_KINDS}.3", "DNSWL_HIGH", -3.0, "DNSWL trusts the address highly"),
        ),
        # Who asks too often gets the first, or the second for every address: "trust all the world".
        errors=(parse_code("127.0.0.255"), parse_code("127.0.10.3")),
        ipv6=True,
        refuses_public_resolvers=True,
    ),
)
