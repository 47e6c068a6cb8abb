# SPDX-License-Identifier: GPL-3.0-or-later
"""Spamhaus: ZEN (addresses), DBL and ZRD (domains).

https://docs.spamhaus.com/datasets/docs/source/10-data-type-documentation/datasets/040-zones.html.  The public zones are
free for small sites that ask through a resolver of their own; the others (DQS) need a key.
"""

from __future__ import annotations

from dataclasses import replace

from postward.dns_lists.code import parse_code
from postward.dns_lists.zone import GROUP, ListZone, Subject, code
from postward.model.symbol import SymbolDefinition

_KEY = "spamhaus"
_DOMAINS = frozenset({Subject.HELO, Subject.SENDER, Subject.DKIM, Subject.URL})

_ZEN = ListZone(
    name="spamhaus_zen",
    zone="zen.spamhaus.org",
    codes=(
        code("127.0.0.2", "ZEN_SBL", 3.0, "Spamhaus knows the address for spam (SBL)"),
        code("127.0.0.3", "ZEN_CSS", 2.5, "Spamhaus has seen spam of the address lately (CSS)"),
        code("127.0.0.4", "ZEN_XBL", 3.0, "Spamhaus knows the address for malware or an open proxy (XBL)"),
        code("127.0.0.5-7"),
        code("127.0.0.9", "ZEN_DROP", 4.0, "Spamhaus knows the network as one of criminals (DROP)"),
        code("127.0.0.10-11", "ZEN_PBL", 2.0, "the address should not deliver mail by itself (PBL)", is_policy=True),
        code("127.0.0.30", "ZEN_BCL", 4.0, "Spamhaus knows the address as one that commands infected hosts (BCL)"),
    ),
    received_symbol=SymbolDefinition(
        name="ZEN_RECEIVED", score=1.0, group=GROUP, meaning="the message came through an address on Spamhaus ZEN"
    ),
    ipv6=True,
    refuses_public_resolvers=True,
)
_DBL = ListZone(
    name="spamhaus_dbl",
    zone="dbl.spamhaus.org",
    subjects=_DOMAINS,
    codes=(
        code("127.0.1.2", "DBL_SPAM", 3.0, "a domain is known for spam (Spamhaus DBL)"),
        code("127.0.1.4", "DBL_PHISH", 3.5, "a domain is known for phishing (Spamhaus DBL)"),
        code("127.0.1.5", "DBL_MALWARE", 3.5, "a domain is known for malware (Spamhaus DBL)"),
        code("127.0.1.6", "DBL_BOTNET", 3.5, "a domain commands infected hosts (Spamhaus DBL)"),
        code("127.0.1.102-106", "DBL_ABUSED", 1.0, "a good domain is being abused (Spamhaus DBL)"),
    ),
    # Asked about an address.
    errors=(parse_code("127.0.1.255"),),
    by_host=True,
    listed=("dbltest.com",),
    unlisted=("invalid", "example.com"),
    refuses_public_resolvers=True,
)
_ZRD = ListZone(
    name="spamhaus_zrd_dqs",
    zone="{key}.zrd.dq.spamhaus.net",
    key_name=_KEY,
    subjects=_DOMAINS,
    codes=(code("127.0.2.2-24", "ZRD_NEW", 1.5, "a domain was first seen within the last day (Spamhaus ZRD)"),),
    errors=(parse_code("127.0.2.255"),),
    # No name is documented that is always in it.
    listed=(),
    unlisted=("invalid", "example.com"),
)

SPAMHAUS = (
    _ZEN,
    # A resolver that the world shares may ask with a key.
    replace(
        _ZEN,
        name="spamhaus_zen_dqs",
        zone="{key}.zen.dq.spamhaus.net",
        key_name=_KEY,
        refuses_public_resolvers=False,
    ),
    _DBL,
    replace(
        _DBL,
        name="spamhaus_dbl_dqs",
        zone="{key}.dbl.dq.spamhaus.net",
        key_name=_KEY,
        refuses_public_resolvers=False,
    ),
    _ZRD,
)
