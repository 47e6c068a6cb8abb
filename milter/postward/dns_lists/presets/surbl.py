# SPDX-License-Identifier: GPL-3.0-or-later
"""SURBL: domains of links in spam (https://surbl.org/lists), each list of it one bit."""

from __future__ import annotations

from postward.dns_lists.code import parse_code
from postward.dns_lists.zone import ListZone, Subject, code

SURBL = (
    ListZone(
        name="surbl",
        zone="multi.surbl.org",
        subjects=frozenset({Subject.HELO, Subject.SENDER, Subject.DKIM, Subject.URL}),
        codes=(
            code("127.0.0.&8", "SURBL_PHISH", 3.5, "a domain is known for phishing (SURBL)"),
            code("127.0.0.&16", "SURBL_MALWARE", 3.5, "a domain is known for malware (SURBL)"),
            code("127.0.0.&64", "SURBL_ABUSE", 3.0, "a domain is known for spam (SURBL)"),
            code("127.0.0.&128", "SURBL_CRACKED", 2.0, "a web site has been broken into (SURBL)"),
        ),
        errors=(parse_code("127.0.0.&1"),),
        listed=("surbl-org-permanent-test-point.com",),
        unlisted=("invalid", "example.com"),
        refuses_public_resolvers=True,
    ),
)
