# SPDX-License-Identifier: GPL-3.0-or-later
"""URIBL: domains of links in spam (https://uribl.com/about.shtml), each list of it one bit."""

from __future__ import annotations

from postward.dns_lists.code import parse_code
from postward.dns_lists.zone import ListZone, Subject, code

URIBL = (
    ListZone(
        name="uribl",
        zone="multi.uribl.com",
        subjects=frozenset({Subject.HELO, Subject.SENDER, Subject.DKIM, Subject.URL}),
        codes=(
            code("127.0.0.&2", "URIBL_BLACK", 3.0, "a domain is known for spam (URIBL black)"),
            code("127.0.0.&4", "URIBL_GREY", 0.5, "a domain is known for bulk mail (URIBL grey)"),
            code("127.0.0.&8", "URIBL_RED", 2.0, "a domain looks like one of spam (URIBL red)"),
        ),
        # Set where the question was refused, whatever else is.
        errors=(parse_code("127.0.0.&1"),),
        listed=("test.uribl.com",),
        unlisted=("invalid", "example.com"),
        refuses_public_resolvers=True,
    ),
)
